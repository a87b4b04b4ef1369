import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BrokerLab } from '../cli/broker/broker-lab.ts'
import { parsed } from '../cli/cli-lab.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { type DemoProcess, startDemo } from '../support/demo-process.ts'

const readOnly = 'arn:aws:iam::222222222222:role/ReadOnly'

let demo: DemoProcess
beforeAll(async () => {
  demo = await startDemo()
})
afterAll(async () => {
  await demo[Symbol.asyncDispose]()
})

function terminal(): BrokerLab<{ readonly origin: string }> {
  const lab = new BrokerLab(mkdtempSync(join(demo.folder, 'home-')), { origin: demo.certificates })
  lab.env['AWS_CA_BUNDLE'] = join(demo.folder, 'ca.pem')
  return lab
}

describe('with a certificate', () => {
  test.for([
    ['alice.pem', 'alice@corp.example'],
    ['machine.pem', 'spiffe'],
  ] as const)('%s there is no login', async ([file, name]) => {
    const lab = terminal()
    const proof = ['--certificate', join(demo.folder, file)]
    const { code, stdout, stderr } = await lab.run(['whoami', '--json', ...proof])
    expect(code, stderr).toBe(0)
    expect(parsed(stdout)).toMatchObject({ by: 'certificate' })
    expect(stdout).toContain(name)
    const call = ['credential-process', '--role', readOnly, ...proof]
    const credentials = await lab.run(call)
    expect(credentials.code, credentials.stderr).toBe(0)
    expect(parsed(credentials.stdout)['AccessKeyId']).toMatch(/^ASIA/)
    expect((await lab.run(call)).stdout).toBe(credentials.stdout)
  })

  test('it may be remembered by a login, and go into profiles', async () => {
    const lab = terminal()
    const certificate = join(demo.folder, 'alice.pem')
    const login = await lab.run(['login', '--certificate', certificate])
    expect(login.code, login.stderr).toBe(0)
    const roles = await lab.run(['roles'])
    expect(roles.stdout).toContain('Admin')
    expect((await lab.run(['configure', 'Admin'])).code).toBe(0)
  })

  test.for(['expired.pem', 'revoked.pem'])('%s it is said why not', async (file) => {
    const proof = ['--certificate', join(demo.folder, file)]
    const { code, stdout, stderr } = await terminal().run(['whoami', ...proof])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/has expired|has been revoked/)
  })

  test('this machine is asked without the proxy', async () => {
    await using proxy = await startConnectProxy()
    const lab = terminal()
    const proof = ['--certificate', join(demo.folder, 'alice.pem')]
    const { code, stderr } = await lab.run(['whoami', ...proof], { HTTPS_PROXY: proxy.url })
    expect(code, stderr).toBe(0)
    expect(proxy.asked).toEqual([])
  })
})
