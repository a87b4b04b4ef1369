/** What something ends with that ends badly. Throws when it ends well, or with an error of another kind. */
export async function rejectionOf<Kind extends Error>(
  work: Promise<unknown>,
  kind: abstract new (...parts: never[]) => Kind,
): Promise<Kind> {
  const [outcome] = await Promise.allSettled([work])
  if (outcome.status === 'fulfilled') throw new Error(`not refused: ${String(outcome.value)}`)
  if (!(outcome.reason instanceof kind))
    throw new Error(`another refusal: ${String(outcome.reason)}`, { cause: outcome.reason })
  return outcome.reason
}
