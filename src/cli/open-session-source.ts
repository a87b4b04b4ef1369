import { cachePlace } from './cache/cache-place.ts'
import { CliFault } from './cli-fault.ts'
import type { CredentialSource } from './credential-source.ts'
import type { Flags } from './flags/parse-flags.ts'
import { debugLine } from './log.ts'
import { SessionSource } from './session-source.ts'
import { keySettings } from './settings/key-settings.ts'
import { sessionSettings } from './settings/session-settings.ts'
import type { Surroundings } from './surroundings.ts'

/** IAM Roles Anywhere, as the flags have it. */
export function openSessionSource(flags: Flags, surroundings: Surroundings): CredentialSource {
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
