import { brokerKeyStart } from '../broker/broker-place.ts'
import { type BrokerSettings, brokerSettings } from '../broker/broker-settings.ts'
import { formerTokens, revoke } from '../broker/end-sign-in.ts'
import { forgetBroker } from '../broker/remember-broker.ts'
import { secretStore } from '../broker/secrets/choose-secret-store.ts'
import { CredentialCache } from '../cache/credential-cache.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { describe } from '../report-fault.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'

/** Deletes here first, and whatever the broker says. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  const settings = brokerSettings(flags, surroundings)
  const { origin, route, known } = settings
  const tokens = await formerTokens(origin, known, surroundings)
  await forget(settings, surroundings)
  const failure = tokens && (await revoke({ origin, route }, tokens, surroundings))
  const wasSignedIn = known !== undefined
  if (flags.isOn('json')) {
    printJson({ broker: origin, wasSignedIn, revoked: tokens && !failure }, surroundings)
  } else if (!failure) {
    surroundings.stdout(
      wasSignedIn ? `You are signed out at ${origin}.\n` : `You were not signed in at ${origin}.\n`,
    )
  }
  if (!failure) return 0
  surroundings.stderr(
    `All is deleted here, but ${origin} was not told: ${describe(failure)} ` +
      `End the sign-in of this terminal at ${origin}/terminals.\n`,
  )
  return 1
}

async function forget({ origin, known }: BrokerSettings, surroundings: Surroundings) {
  if (known?.kept !== undefined) await (await secretStore(known.kept, surroundings)).remove(origin)
  forgetBroker(origin, surroundings)
  new CredentialCache(surroundings).drop(brokerKeyStart(origin))
}
