import { describe, expect, test } from 'vitest'
import { readOnly } from '../../support/fake-broker.ts'
import { ended, parsed } from '../cli-lab.ts'
import { type FakeBrokerLab, brokerLab, saying } from './broker-lab.ts'

const node = process.execPath

async function signedIn(): Promise<FakeBrokerLab> {
  const lab = await brokerLab()
  await lab.login()
  return lab
}

describe('exec', () => {
  test('sets the credentials, and nothing else that says who one is', async () => {
    const lab = await signedIn()
    const print = `console.log(JSON.stringify(Object.fromEntries(
      Object.entries(process.env).filter(([name]) => /AWS|EXTRA/.test(name)))))`
    const { code, stdout } = await lab.run(['exec', 'ReadOnly', '--', node, '-e', print], {
      AWS_PROFILE: 'x',
      AWS_SECURITY_TOKEN: 'x',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/x',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://x',
      AWS_ACCESS_KEY_ID: 'old',
      AWS_CONFIG_FILE: '/my/config',
      AWS_REGION: 'us-west-2',
      EXTRA: 'kept',
    })
    expect(code).toBe(0)
    expect(parsed(stdout)).toEqual({
      AWS_ACCESS_KEY_ID: 'ASIAFAKE000000000001',
      AWS_SECRET_ACCESS_KEY: 'fake/Secret+Key=',
      AWS_SESSION_TOKEN: 'fakeToken1==',
      AWS_CREDENTIAL_EXPIRATION: expect.stringMatching(/^[\d-]+T[\d:]+Z$/) as string,
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_CONFIG_FILE: '/my/config',
      EXTRA: 'kept',
    })
  })

  test('hands on standard input, arguments and the exit code', async () => {
    const lab = await signedIn()
    const script = 'read line; echo "$line $1 $2"; exit 42'
    const child = lab.start(['exec', readOnly, '--', 'sh', '-c', script, 'sh', 'a b', '--debug'])
    child.stdin.end('hello\n')
    const { code, stdout } = await ended(child)
    expect([code, stdout]).toEqual([42, 'hello a b --debug\n'])
  })

  test.for([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('passes %s on, and ends with %i', async ([signal, exit]) => {
    const lab = await signedIn()
    const child = lab.start(['exec', readOnly, '--', 'sh', '-c', 'echo up >&2; exec sleep 30'])
    const outcome = ended(child)
    await saying(child, /up/)
    child.kill(signal)
    expect((await outcome).code).toBe(exit)
  })

  test('waits for a command that minds a signal in its own way', async () => {
    const lab = await signedIn()
    const script = "trap 'echo minded; exit 7' TERM; echo up >&2; while :; do sleep 0.05; done"
    const child = lab.start(['exec', readOnly, '--', 'sh', '-c', script])
    const outcome = ended(child)
    await saying(child, /up/)
    child.kill('SIGTERM')
    const { code, stdout } = await outcome
    expect([code, stdout]).toEqual([7, 'minded\n'])
  })

  test('says that there is no such command, with 127, and 126 where it may not run', async () => {
    const lab = await signedIn()
    const missing = await lab.run(['exec', readOnly, '--', 'no-such-command'])
    expect([missing.code, missing.stderr]).toEqual([
      127,
      expect.stringContaining('no-such-command'),
    ])
    const plain = lab.file('plain', 'text', 0o644)
    expect((await lab.run(['exec', readOnly, '--', plain])).code).toBe(126)
  })

  test('wants a role and a command', async () => {
    const lab = await signedIn()
    expect((await lab.run(['exec'])).stderr).toContain('name a role')
    expect((await lab.run(['exec', readOnly])).stderr).toContain('name a command')
    expect(lab.broker.asked).toEqual([])
  })
})
