import type { Surroundings } from '../surroundings.ts'
import { strangersApi } from './connect-broker.ts'
import type { Way } from './broker-sender.ts'
import { type HeldTokens, tokensIn } from './held-tokens.ts'
import type { KnownBroker } from './known-brokers.ts'
import { secretStore } from './secrets/choose-secret-store.ts'

/** The tokens that a former login left; undefined where there are none, or none that can be read. */
export async function formerTokens(
  origin: string,
  known: KnownBroker | undefined,
  surroundings: Surroundings,
): Promise<HeldTokens | undefined> {
  if (known?.by !== 'token' || known.kept === undefined) return undefined
  try {
    const text = await (await secretStore(known.kept, surroundings)).get(origin)
    return text === undefined ? undefined : tokensIn(text, origin)
  } catch {
    return undefined
  }
}

/** Ends a sign-in at the broker; the error where that could not be done. */
export async function revoke(
  way: Way,
  tokens: HeldTokens,
  surroundings: Surroundings,
): Promise<unknown> {
  try {
    await strangersApi(way, surroundings).revoke(tokens.refreshToken)
    return undefined
  } catch (error) {
    return error
  }
}
