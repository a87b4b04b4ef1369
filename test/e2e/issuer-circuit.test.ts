import { request } from 'undici'
import { expect, test } from 'vitest'
import { arnOf } from '../support/issuer-world.ts'
import { openIssuerLab } from '../support/issuer-lab.ts'

test(
  'an endpoint that is dead is left alone, which the readiness page says, and tried again after the pause',
  { timeout: 30_000 },
  async () => {
    await using lab = await openIssuerLab({
      'aws.failOver': undefined,
      'aws.attempts': 1,
      'aws.circuit': { failures: 2, pause: 3 },
      'issuers.hub.reuse': 0,
    })
    const readiness = async (): Promise<string> => {
      const [, port = ''] = /"ports":\[(?:\d+,)*(\d+)\]/.exec(lab.broker.output()) ?? []
      return (await request(`http://127.0.0.1:${port}/readyz`)).body.text()
    }
    const browser = await lab.signedIn()
    const ask = async () => (await browser.askFor(arnOf('Hub'), false)).status
    expect(await readiness()).not.toContain('has not answered')
    await lab.aws.faults.refuseConnections(2_000)
    expect([await ask(), await ask()]).toEqual([503, 503])
    const { host } = new URL(lab.aws.url)
    await expect.poll(readiness, { timeout: 3_000 }).toContain(`${host} has not answered`)
    // Alive again, and still left alone; then one request tries it.
    await expect.poll(ask, { timeout: 10_000, interval: 300 }).toBe(303)
    await expect.poll(readiness, { timeout: 3_000 }).not.toContain('has not answered')
  },
)
