import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { type BrokerProcess, startBrokerProcess } from '../support/broker-process.ts'
import { freePort } from '../support/free-port.ts'
import { requireCommand } from '../support/require-command.ts'
import { Browser } from '../support/browser.ts'

const run = promisify(execFile)
const clients = requireCommand('aws', 'awscli')
const expected = 'arn:aws:sts::111111111111:assumed-role/ReadOnly/bob'

let folder: string
let sandbox: Sandbox
let broker: BrokerProcess
let page: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-aws-'))
  sandbox = await startSandbox()
  const port = await freePort()
  const config = await writeDemoConfig(folder, { broker: port, aws: sandbox.port })
  broker = await startBrokerProcess(config, port)
  const bob = new Browser(broker.url)
  await bob.signIn('bob', 'bobpassword')
  const issued = await bob.askFor('arn:aws:iam::111111111111:role/ReadOnly', false)
  const address = `${issued.location ?? ''}?show=secrets&region=eu-west-1&profile=bobs`
  page = (await bob.get(address)).text
})

afterAll(async () => {
  await broker[Symbol.asyncDispose]()
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

const entities: Readonly<Record<string, string>> = {
  '&#34;': '"',
  '&#39;': "'",
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
}

/** What the page offers under a tab, as a browser would copy it. */
function snippet(id: string): string {
  const [, html] = new RegExp(`id="snippet-${id}"[^>]*>([^<]*)</pre>`).exec(page) ?? []
  if (html === undefined) throw new Error(`the page has no snippet ${id}`)
  return html.replace(/&(#34|#39|amp|lt|gt);/g, (entity) => entities[entity] ?? entity)
}

/** The arguments that the page names for this client: versions before 2.13 and 1.29 don't read AWS_ENDPOINT_URL_STS. */
async function endpointArguments(aws: string): Promise<readonly string[]> {
  const { stdout } = await run(aws, ['--version'])
  const [, major, minor] = /aws-cli\/(\d+)\.(\d+)/.exec(stdout) ?? []
  const old = Number(minor) < (major === '1' ? 29 : 13)
  return old ? ['--endpoint-url', sandbox.url] : []
}

function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    ...more,
  }
}

async function identityWith(aws: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const all = [...args, 'sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text']
  return (await run(aws, all, { env, timeout: 30_000 })).stdout.trim()
}

describe.each(clients.length > 0 ? clients : ['aws'])('%s', (aws) => {
  test('is bob with the bash snippet pasted, whatever stood in the environment before', async () => {
    const args = await endpointArguments(aws)
    const command = [aws, ...args, 'sts get-caller-identity --query Arn --output text'].join(' ')
    const stale = { AWS_PROFILE: 'stale', AWS_SECURITY_TOKEN: 'stale', AWS_SESSION_TOKEN: 'stale' }
    const { stdout } = await run('bash', ['-c', `${snippet('bash')}\n${command}`], {
      env: environment(stale),
      timeout: 30_000,
    })
    expect(stdout.trim()).toBe(expected)
  })

  test('is bob with the profile pasted into the credentials file', async () => {
    const file = join(folder, 'credentials')
    writeFileSync(file, `[default]\naws_access_key_id = AKIAOTHER\n\n${snippet('profile')}\n`)
    const env = environment({
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_STS: sandbox.url,
    })
    const args = ['--profile', 'bobs', ...(await endpointArguments(aws))]
    expect(await identityWith(aws, args, env)).toBe(expected)
  })

  test('is bob with what the page gives for credential_process', async () => {
    const json = join(folder, 'credentials.json')
    writeFileSync(json, snippet('credential-process'))
    const file = join(folder, 'config')
    writeFileSync(file, `[profile process]\ncredential_process = cat ${json}\nregion = eu-west-1\n`)
    const env = environment({ AWS_CONFIG_FILE: file, AWS_ENDPOINT_URL_STS: sandbox.url })
    const args = ['--profile', 'process', ...(await endpointArguments(aws))]
    expect(await identityWith(aws, args, env)).toBe(expected)
  })

  test('finds the same words on the page when it is too old to read the variable', () => {
    expect(page).toContain(`--endpoint-url ${sandbox.url}`)
  })
})
