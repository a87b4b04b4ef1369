/**
 * Does the second half of something, or undoes the first half. Rejects as `work` does; what can't be undone either is
 * withheld all the same.
 */
export async function orUndo<T>(
  work: () => Promise<T>,
  undo: (error: unknown) => Promise<unknown>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await undo(error).catch(() => undefined)
    throw error
  }
}
