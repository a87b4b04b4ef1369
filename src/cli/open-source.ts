import { asksBroker } from './broker/asks-broker.ts'
import { cachePlace } from './cache/cache-place.ts'
import { CliFault } from './cli-fault.ts'
import type { CredentialSource } from './credential-source.ts'
import type { Flags } from './flags/parse-flags.ts'
import type { HeldSession } from './held-session.ts'
import { debugLine } from './log.ts'
import { SessionSource } from './session-source.ts'
import { keySettings } from './settings/key-settings.ts'
import { sessionSettings } from './settings/session-settings.ts'
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

/** The source that the flags name: a broker, or IAM Roles Anywhere. */
export async function openSource(
  flags: Flags,
  surroundings: Surroundings,
): Promise<CredentialSource> {
  if (asksBroker(flags)) {
    const { openBrokerSource } = await import('./broker/broker-source.ts')
    return openBrokerSource(flags, surroundings)
  }
  const settings = sessionSettings(flags, surroundings)
  const keys = keySettings(flags, surroundings)
  const source = new SessionSource(settings, keys, surroundings, debugLine(flags, surroundings))
  return {
    roleName: () => {
      const arn = /^arn:[^:]+:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/
      const name = arn.exec(settings.request.roleArn)?.[1]
      return name === undefined
        ? Promise.reject(new CliFault('invalid role ARN'))
        : Promise.resolve(name)
    },
    // A renewed certificate has another place.
    current: (held) => source.current(cachePlace(flags, settings, keys, surroundings), held),
    close: () => source.close(),
  }
}
