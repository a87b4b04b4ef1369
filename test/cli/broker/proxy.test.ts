import { expect, test } from 'vitest'
import { startConnectProxy } from '../../support/connect-proxy.ts'
import { type FakeBrokerLab, brokerLab } from './broker-lab.ts'

const host = 'postern.corp.example.test'

/** Signed in at a broker elsewhere, to which only a proxy leads. */
async function away(): Promise<FakeBrokerLab> {
  const lab = await brokerLab({ host })
  lab.env['POSTERN_BROKER'] = lab.broker.origin
  lab.env['AWS_CA_BUNDLE'] = lab.file('ca.pem', lab.broker.ca)
  await lab.login()
  return lab
}

test.for(['HTTPS_PROXY', 'https_proxy'])('a broker elsewhere is asked by %s', async (name) => {
  const lab = await away()
  await using proxy = await startConnectProxy()
  const { code, stderr } = await lab.run(['whoami'], { [name]: proxy.url })
  expect(code, stderr).toBe(0)
  expect(proxy.asked).toEqual([new URL(lab.broker.origin).host])
})

test('NO_PROXY goes before', async () => {
  const lab = await away()
  await using proxy = await startConnectProxy()
  const env = { HTTPS_PROXY: proxy.url, NO_PROXY: '.corp.example.test' }
  const { code, stderr } = await lab.run(['whoami'], env)
  expect([code, proxy.asked]).toEqual([1, []])
  expect(stderr).toContain(`There is no host ${new URL(lab.broker.origin).host}`)
})
