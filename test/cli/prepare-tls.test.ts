import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { fakeCreateSession } from '../support/fake-create-session.ts'

const module = new URL('../../src/cli/prepare-tls.ts', import.meta.url).href

/** What a process of its own prints: what it prepares holds for all of that process. */
async function printed(script: string, env: Readonly<Record<string, string>> = {}) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', `import { prepareTls } from '${module}'\n${script}`],
    { env, timeout: 20_000 },
  )
  return stdout.trim().split('\n')
}

// Connects once to the server that the environment names, with and without its authority.
const connectTwice = `
import { readFileSync } from 'node:fs'
import { connect } from 'node:tls'
prepareTls(process.env.NAMED === 'yes')
const { port } = new URL(process.env.ENDPOINT)
const ca = readFileSync(process.env.AUTHORITY, 'utf8')
for (const trust of [{ ca }, {}]) {
  const socket = connect({ host: 'localhost', servername: 'localhost', port, ...trust })
  const outcome = await new Promise((resolve) => {
    socket.once('secureConnect', () => resolve('trusted')).once('error', ({ code }) => resolve(code))
  })
  socket.destroy()
  console.log(outcome)
}`

async function outcomes(named: 'yes' | 'no'): Promise<readonly string[]> {
  await using aws = await fakeCreateSession()
  const folder = mkdtempSync(join(tmpdir(), 'postern-prepare-tls-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const authority = join(folder, 'authority.pem')
  writeFileSync(authority, aws.authority)
  return await printed(connectTwice, {
    NAMED: named,
    ENDPOINT: aws.endpoint,
    AUTHORITY: authority,
    // Node believes it by itself.
    NODE_EXTRA_CA_CERTS: authority,
  })
}

test('where authorities are named, a connection that names none trusts nobody', async () => {
  expect(await outcomes('yes')).toEqual(['trusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
})

test('where none are named, those that Node believes count', async () => {
  expect(await outcomes('no')).toEqual(['trusted', 'trusted'])
})

test('V8 takes code that was compiled before, so its flags are as they were', async () => {
  const script = `
import { Script } from 'node:vm'
import { setFlagsFromString } from 'node:v8'
const code = '(' + String(() => 1) + ')'
const cachedData = new Script(code).createCachedData()
const rejected = (name) => new Script(code, { cachedData, filename: name }).cachedDataRejected
console.log(rejected('a'))
prepareTls(false)
console.log(rejected('b'))
setFlagsFromString('--no-regexp-optimization')
console.log(rejected('c'))`
  expect(await printed(script)).toEqual(['false', 'false', 'true'])
})
