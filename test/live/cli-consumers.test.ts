import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { arns, type CliLab, cliLab, ended } from '../cli/cli-lab.ts'
import { loopbackServer } from '../support/loopback-server.ts'
import { requireCommand } from '../support/require-command.ts'

const run = promisify(execFile)
const clients = requireCommand('aws', 'awscli')
const main = new URL('../../src/cli/main.ts', import.meta.url).pathname
const sdk = new URL('../cli/children/sdk-caller.ts', import.meta.url).pathname

const python = `
import sys
try:
    from botocore.session import Session
except ImportError:
    from awscli.botocore.session import Session
client = Session().create_client('sts', region_name='eu-west-1', endpoint_url=sys.argv[1])
print(client.get_caller_identity()['Arn'], end='')
`

/** An STS that says who signed: the access key is the name, and a session token must be there. */
async function fakeSts(): Promise<string> {
  const { origin } = await loopbackServer((response, { headers }) => {
    const key = /Credential=([A-Z0-9]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'nobody'
    const token = headers['x-amz-security-token'] === undefined ? 'without-token' : 'with-token'
    response.writeHead(200, { 'content-type': 'text/xml' })
    response.end(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        `<Arn>${key} ${token}</Arn><UserId>u</UserId><Account>1</Account></GetCallerIdentityResult>` +
        '<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
    )
  })
  return origin
}

type Client = (sts: string, env: Record<string, string>) => Promise<string>

const consumers: readonly (readonly [string, Client])[] = [
  ...(clients.length > 0 ? clients : ['aws']).map((aws): readonly [string, Client] => [
    aws,
    async (sts, env) => {
      const args = [
        'sts',
        'get-caller-identity',
        '--endpoint-url',
        sts,
        '--query',
        'Arn',
        '--output',
        'text',
      ]
      return (await run(aws, args, { env, timeout: 50_000 })).stdout.trim()
    },
  ]),
  [
    'botocore',
    async (sts, env) =>
      (await run('/usr/bin/python3', ['-c', python, sts], { env, timeout: 50_000 })).stdout,
  ],
  [
    'the AWS SDK for JavaScript',
    async (sts, env) => (await run(process.execPath, [sdk, sts], { env, timeout: 50_000 })).stdout,
  ],
]

const expected = 'ASIAFAKE000000000001 with-token'

function environment(lab: CliLab, more: Readonly<Record<string, string>>): Record<string, string> {
  return {
    HOME: lab.home,
    PATH: process.env['PATH'] ?? '',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more,
  }
}

async function serving(
  lab: CliLab,
  more: readonly string[],
): Promise<{ said: string; child: ChildProcess }> {
  const child = lab.start(['serve', '--port', '0', ...more, ...lab.session()])
  const outcome = ended(child)
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await outcome
  })
  let said = ''
  while (!/export AWS_EC2_METADATA|export AWS_CONTAINER_AUTHORIZATION/.test(said)) {
    const [chunk] = (await once(child.stderr ?? child, 'data')) as [Buffer]
    said += chunk.toString()
  }
  return { said, child }
}

describe.each(consumers)('%s', (_name, ask) => {
  test('asks credential_process', async () => {
    const lab = await cliLab()
    const command = [process.execPath, main, 'credential-process', ...lab.session()].join(' ')
    lab.file('.aws/config', `[profile tests]\ncredential_process = ${command}\n`)
    const env = environment(lab, { ...lab.env, AWS_PROFILE: 'tests' })
    expect(await ask(await fakeSts(), env)).toBe(expected)
    expect(lab.aws.arrived).toHaveLength(1)
  })

  test('reads the file that update keeps', async () => {
    const lab = await cliLab()
    await lab.run(['update', '--once', '--profile', 'tests', ...lab.session()])
    expect(await ask(await fakeSts(), environment(lab, { AWS_PROFILE: 'tests' }))).toBe(expected)
  })

  test('finds the metadata service of serve', async () => {
    const lab = await cliLab()
    const { said } = await serving(lab, [])
    const endpoint = /METADATA_SERVICE_ENDPOINT=(\S+)/.exec(said)?.[1] ?? ''
    const env = environment(lab, {
      AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint,
      AWS_EC2_METADATA_DISABLED: 'false',
    })
    expect(await ask(await fakeSts(), env)).toBe(expected)
  })

  test('finds the container endpoint of serve --ecs', async () => {
    const lab = await cliLab()
    const { said } = await serving(lab, ['--ecs', '--token-file', join(lab.home, 'token')])
    const env = environment(lab, {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: /FULL_URI=(\S+)/.exec(said)?.[1] ?? '',
      // aws-cli 2.9 does not know the variable for the file yet.
      AWS_CONTAINER_AUTHORIZATION_TOKEN: readFileSync(join(lab.home, 'token'), 'utf8'),
    })
    expect(await ask(await fakeSts(), env)).toBe(expected)
  })
})

test.for(clients)('setup ends with what %s says through the new profile', async (aws) => {
  const lab = await cliLab()
  const sts = await fakeSts()
  // The command asks AWS's own STS; older ones take another from nowhere but the command line.
  const wrapper = lab.file('bin/aws', `#!/bin/sh\nexec ${aws} "$@" --endpoint-url ${sts}\n`)
  chmodSync(wrapper, 0o755)
  const keys = ['--certificate', 'client.pem', '--private-key', 'client.key']
  const words = ['setup', 'roles-anywhere', '--region', 'eu-west-1', ...keys, ...arns]
  const PATH = [join(lab.home, 'bin'), process.env['PATH']].join(delimiter)
  // Keys of the environment must not answer for the profile.
  const env = { PATH, AWS_ACCESS_KEY_ID: 'AKIAOTHER', AWS_SECRET_ACCESS_KEY: 'other' }
  const { code, stderr } = await lab.run(words, { env })
  expect([code, stderr]).toEqual([0, expect.stringContaining(`You are ${expected}\n`)])
  expect(readFileSync(join(lab.home, 'IAMRolesAnywhereScript.log'), 'utf8')).toContain(
    `You are ${expected}\n`,
  )
})
