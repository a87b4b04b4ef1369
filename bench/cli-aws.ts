import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { delimiter, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { type FakeCreateSession, granting } from '../test/support/fake-create-session.ts'
import { type Case, finish, interleaved, middle } from './command-samples.ts'
import { format, print, printTable } from './goals.ts'

/** What real `aws` commands cost whose credential_process is Postern. */
export interface AwsCost {
  /** CPU of one, from the cache, against the same with static keys. */
  readonly effect: number
  /** CreateSession requests of fifty at once without a cache. */
  readonly asked: number
}

/**
 * Measures `aws sts get-caller-identity`, whose STS is on loopback and answers at once; undefined where there is no aws
 * command. Fifty at once meet a CreateSession that takes 100 ms.
 */
export async function awsCost(
  credentialProcess: readonly string[],
  env: Readonly<Record<string, string>>,
  rolesAnywhere: FakeCreateSession,
): Promise<AwsCost | undefined> {
  const program = [...(env['PATH'] ?? '').split(delimiter), '/usr/bin']
    .map((folder) => join(folder, 'aws'))
    // A shim that looks for the right version each time would be part of the base.
    .find((path) => existsSync(path) && !path.includes('/shims/'))
  if (program === undefined) {
    print('The aws command is not installed: its cost is left out.')
    print()
    return undefined
  }
  const folder = join(env['HOME'] ?? '', '.aws')
  mkdirSync(folder, { recursive: true })
  const keys = 'aws_access_key_id = AKIAEXAMPLE0000000000\naws_secret_access_key = secret\n'
  const quoted = credentialProcess.join(' ')
  writeFileSync(
    join(folder, 'config'),
    `[profile static]\n${keys}\n[profile postern]\ncredential_process = ${quoted}\n` +
      `\n[profile true]\ncredential_process = /bin/echo ${JSON.stringify(JSON.stringify(fixed))}\n`,
  )
  const sts = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/xml' })
    response.end(identity)
  }).listen(0, '127.0.0.1')
  await once(sts, 'listening')
  const address = sts.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const args = ['sts', 'get-caller-identity', '--endpoint-url', `http://127.0.0.1:${port}`]
  const one = (profile: string): Case => ({
    program,
    args,
    env: { ...env, AWS_PROFILE: profile, AWS_DEFAULT_REGION: 'eu-west-1' },
  })
  try {
    const samples = await interleaved(
      {
        'static keys': one('static'),
        'credential_process = echo': one('true'),
        'credential_process = postern, cached': one('postern'),
      },
      { rounds: 10, batch: 1 },
    )
    const base = middle(samples.get('static keys') ?? [])
    print('## Command line: one aws sts get-caller-identity')
    print()
    const rows = [...samples].map(([name, all]) => {
      const { cpu, wall } = middle(all)
      return [name, format(cpu), format(cpu / base.cpu), format(wall), format(wall / base.wall)]
    })
    printTable(['', 'CPU ms', 'ratio', 'wall ms', 'ratio'], rows)
    const before = rolesAnywhere.arrived.length
    rolesAnywhere.answer = granting(undefined, 100)
    const { args: words, env: own } = one('postern')
    // A cache of its own, in which nothing is yet.
    const cold = { program, args: words, env: { ...own, XDG_CACHE_HOME: join(folder, 'cold') } }
    const start = performance.now()
    await Promise.all(Array.from({ length: 50 }, () => finish(cold)))
    const asked = rolesAnywhere.arrived.length - before
    const wall = performance.now() - start
    print(
      `50 aws commands at once at 100 ms of latency: ${format(wall)} ms, ${asked} CreateSession`,
    )
    print()
    const cached = middle(samples.get('credential_process = postern, cached') ?? [])
    return { effect: cached.cpu / base.cpu, asked }
  } finally {
    sts.close()
    sts.closeAllConnections()
  }
}

const fixed = {
  Version: 1,
  AccessKeyId: 'AKIAEXAMPLE0000000000',
  SecretAccessKey: 'secret',
  SessionToken: 'token',
  Expiration: '2099-01-01T00:00:00Z',
}
const identity =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
  '<Arn>arn:aws:sts::111111111111:assumed-role/ReadOnly/name</Arn><UserId>u</UserId><Account>111111111111</Account>' +
  '</GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>'
