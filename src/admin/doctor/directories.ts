import { composeDirectories } from '../../compose/directories.ts'
import type { Config } from '../../config/config.ts'
import type { Effects } from '../../effects.ts'
import type { AttemptStore } from '../../identity/attempt-store.ts'
import { type Finding, ok } from './finding.ts'

/** Whether each directory answers, by its certificate and with its service account. Nobody's password is tried. */
export async function examineDirectories(
  config: Pick<Config, 'signIn'>,
  effects: Effects,
): Promise<readonly Finding[]> {
  const directories = composeDirectories(config, { attempts: uncounted, effects })
  return Promise.all(
    [...directories].map(async ([id, { watch }]): Promise<Finding> => {
      const what = `directory ${id}`
      try {
        await watch.check()
        return ok(what, 'answers')
      } catch (error) {
        const says = error instanceof Error ? error.message : String(error)
        return { what, state: 'failed', says, fixes }
      }
    }),
  )
}

const fixes = [
  'Check urls, ca and bind of the method, and the way there; docs/directory.md tells each refusal.',
]

const uncounted: AttemptStore = {
  consume: () => Promise.resolve({ allowed: true, retryAfterSeconds: 0 }),
  peek: () => Promise.resolve({ allowed: true, retryAfterSeconds: 0 }),
  reset: () => Promise.resolve(),
  deleteExpired: () => Promise.resolve(0),
}
