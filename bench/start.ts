import { cpus } from 'node:os'
import { benchCli } from './cli.ts'
import { type Goal, judge, print } from './goals.ts'
import { benchIssuance } from './issuance.ts'
import { benchIssuers } from './issuers.ts'
import { benchPages } from './pages.ts'
import { benchSaml } from './saml.ts'
import { benchSessions } from './sessions.ts'
import { benchSignIn } from './sign-in.ts'

/**
 * `npm run bench [-- NAME...] [--ci]`: everything, or the named parts. With --ci a goal that is missed by more than
 * twice fails the run.
 */
const parts: Readonly<Record<string, () => Promise<readonly Goal[]>>> = {
  cli: benchCli,
  issuance: benchIssuance,
  issuers: benchIssuers,
  pages: benchPages,
  saml: benchSaml,
  sessions: benchSessions,
  'sign-in': benchSignIn,
}
const words = process.argv.slice(2)
const wanted = words.filter((word) => word !== '--ci')
const unknown = wanted.filter((word) => !(word in parts))
if (unknown.length > 0) {
  throw new Error(`no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`)
}

print(
  `Node ${process.versions.node}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown processor'}`,
)
print()
const goals: Goal[] = []
for (const [name, run] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) goals.push(...(await run()))
}
if (!judge(goals, 2) && words.includes('--ci')) process.exitCode = 1
