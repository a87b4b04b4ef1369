import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'
import { form, raw, type RawAnswer, xmlField } from './raw-http.ts'
import { amzDate, signedHeaders, type SigningChoices } from './signer.ts'

export const NOW = new Date('2026-03-01T12:00:00.000Z')
export const WHO = form({ Action: 'GetCallerIdentity', Version: '2011-06-15' })
export const TYPE = { 'content-type': 'application/x-www-form-urlencoded' }

/** Signed at that time by the demo's base key, unless said otherwise. */
export function choices(changes: Partial<SigningChoices> = {}): SigningChoices {
  return { ...DEMO_BASE_ACCESS_KEY, date: amzDate(NOW), ...changes }
}

/** The headers of a request to the STS at this address. */
export function headersTo(
  url: string,
  changes: Partial<SigningChoices> = {},
  body = WHO,
): Record<string, string> {
  const { host } = new URL(url)
  return signedHeaders({ method: 'POST', host, body, headers: TYPE }, choices(changes))
}

/** What it answers to such headers. */
export async function answerTo(
  url: string,
  sent: Record<string, string | string[]>,
  body = WHO,
): Promise<string> {
  return told(await raw(url, { headers: sent, body }))
}

export function told({ status, body }: RawAnswer): string {
  return `${status} ${xmlField(body, 'Code') ?? 'none'}: ${xmlField(body, 'Message') ?? ''}`
}
