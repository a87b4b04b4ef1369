import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { arn, role, startStandIn } from './stand-in.ts'

const run = promisify(execFile)

/** Scripts that start the command line, and a folder for what it writes. */
interface Stage {
  /** Keeps nothing. */
  readonly plain: string
  /** Keeps the code that has run, beside what it kept before. */
  readonly keeper: string
  readonly home: string
}

/** Calls a Roles Anywhere and a broker on loopback, once each, as the user of a fresh machine would. */
export async function rehearse({ plain, keeper, home }: Stage): Promise<void> {
  using both = await startStandIn(new Date())
  const { origin, client } = both
  const file = (name: string, text: string): string => {
    writeFileSync(join(home, name), text)
    return join(home, name)
  }
  const env = {
    HOME: home,
    AWS_CA_BUNDLE: file('ca.pem', both.ca),
    AWS_ENDPOINT_URL_ROLESANYWHERE: origin,
  }
  const call = (script: string, ...words: readonly string[]) =>
    run(process.execPath, [script, ...words], { env, timeout: 20_000 })
  const certificate = ['--certificate', file('client.pem', client.certificate)]
  const key = ['--private-key', file('client.key', client.key)]
  const anchors = ['--trust-anchor-arn', arn('trust-anchor'), '--profile-arn', arn('profile')]
  await call(plain, 'login', '--device', '--broker', origin)
  await call(keeper, 'credential-process', ...certificate, ...key, ...anchors, '--role-arn', role)
  await call(keeper, 'credential-process', '--broker', origin, '--role', role)
}
