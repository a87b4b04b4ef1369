import { brokerKeyStart } from '../broker/broker-place.ts'
import { type BrokerSettings, brokerSettings } from '../broker/broker-settings.ts'
import { formerTokens, revoke } from '../broker/end-sign-in.ts'
import { forgetBroker } from '../broker/remember-broker.ts'
import { secretStore } from '../broker/secrets/choose-secret-store.ts'
import { writing } from '../broker/writing.ts'
import { CredentialCache } from '../cache/credential-cache.ts'
import { noWords } from '../flags/no-words.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { describe } from '../report-fault.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'
import { withProgress } from '../terminal/progress.ts'

/** Deletes here first, and whatever the broker says; ends the sign-in at the broker, and whatever could be deleted. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  noWords(flags.words)
  const settings = brokerSettings(flags, surroundings)
  const { origin, route, known } = settings
  const tokens = await formerTokens(origin, known, surroundings)
  const left = await forget(settings, surroundings)
  const failure =
    tokens &&
    (await withProgress(`Telling ${origin}`, surroundings, () =>
      revoke({ origin, route }, tokens, surroundings),
    ))
  const wasSignedIn = known !== undefined
  if (flags.isOn('json')) {
    printJson({ broker: origin, wasSignedIn, revoked: tokens && !failure }, surroundings)
  } else if (!failure) {
    surroundings.stdout(
      wasSignedIn ? `You are signed out at ${origin}.\n` : `You were not signed in at ${origin}.\n`,
    )
  }
  if (left !== undefined) {
    surroundings.stderr(`Not all is deleted here: ${describe(left)}\n`)
  }
  if (!failure) return left === undefined ? 0 : 1
  surroundings.stderr(
    `${left === undefined ? 'All is deleted here, but ' : ''}${origin} was not told: ${describe(failure)} ` +
      `End the sign-in of this terminal at ${origin}/terminals.\n`,
  )
  return 1
}

/** Forgets all that can be forgotten; the error of what could not. */
async function forget(
  { origin, known }: BrokerSettings,
  surroundings: Surroundings,
): Promise<unknown> {
  const steps = [
    async () => {
      if (known?.kept !== undefined)
        await (await secretStore(known.kept, surroundings)).remove(origin)
    },
    () => {
      forgetBroker(origin, surroundings)
    },
    () => {
      writing('The cache', () => {
        new CredentialCache(surroundings).drop(brokerKeyStart(origin))
      })
    },
  ]
  const results = await Promise.allSettled(steps.map((step) => Promise.resolve().then(step)))
  return results.find((result) => result.status === 'rejected')?.reason
}
