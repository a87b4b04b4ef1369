import { asksBroker } from './broker/asks-broker.ts'
import type { CredentialSource } from './credential-source.ts'
import type { Flags } from './flags/parse-flags.ts'
import type { HeldSession } from './held-session.ts'
import type { Surroundings } from './surroundings.ts'
import { withProgress } from './terminal/progress.ts'

/** Fresh credentials from the source that the flags name, for a command that needs them once. */
export function obtainOnce(flags: Flags, surroundings: Surroundings): Promise<HeldSession> {
  return withProgress('Getting credentials', surroundings, async (inner) => {
    const source = await openSource(flags, inner)
    try {
      return await source.current()
    } finally {
      await source.close()
    }
  })
}

/** The source that the flags name: a broker, or IAM Roles Anywhere. Each is loaded by need. */
export async function openSource(
  flags: Flags,
  surroundings: Surroundings,
): Promise<CredentialSource> {
  if (asksBroker(flags)) {
    const { openBrokerSource } = await import('./broker/broker-source.ts')
    return openBrokerSource(flags, surroundings)
  }
  const { openSessionSource } = await import('./open-session-source.ts')
  return openSessionSource(flags, surroundings)
}
