import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LookServer, startLookServer } from './look-server.ts'
import { states } from './states.ts'

describe('the words of every page', () => {
  let server: LookServer
  beforeAll(async () => {
    server = await startLookServer()
  })
  afterAll(() => server.close())

  test('set code off as code, and show no backtick', async () => {
    for (const name of Object.keys(states)) {
      const page = await (await fetch(`${server.url}/look/${name}`)).text()
      expect(page.split('`').length - 1, name).toBe(0)
    }
    const failed = await (await fetch(`${server.url}/look/session-failed`)).text()
    expect(failed).toContain('<code>sts:TagSession</code>')
  })

  test('have one heading of the first order, and skip none on the way down', async () => {
    for (const name of Object.keys(states)) {
      const page = await (await fetch(`${server.url}/look/${name}`)).text()
      const orders = [...page.matchAll(/<h([1-6])[\s>]/g)].map(([, order]) => Number(order))
      expect(orders[0], name).toBe(1)
      expect(
        orders.filter((order) => order === 1),
        name,
      ).toHaveLength(1)
      for (const [at, order] of orders.entries()) {
        expect(order - (orders[at - 1] ?? 0), `${name}: ${orders.join()}`).toBeLessThanOrEqual(1)
      }
    }
  })
})
