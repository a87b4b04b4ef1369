import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Express } from 'express'
import supertest from 'supertest'
import { expect, onTestFinished, test } from 'vitest'
import { drain } from '../../src/web/drain.ts'
import { createOperationsApp, createReadiness } from '../../src/web/health.ts'
import { startWeb } from '../support/web-app.ts'

const metrics = { contentType: 'text/plain; version=0.0.4', text: () => Promise.resolve('up 1\n') }
const now = () => new Date()

function operations(fault?: string): Express {
  const check = () => (fault === undefined ? Promise.resolve() : Promise.reject(new Error(fault)))
  const readiness = createReadiness([{ name: 'audit trail', check }], now)
  return createOperationsApp({ readiness, metrics, isDraining: () => false })
}

test('operators see which check failed and why; visitors only that one did', async () => {
  const web = await startWeb({
    dependencies: () => ({
      checks: [{ name: 'audit trail', check: () => Promise.reject(new Error('/var is full')) }],
    }),
  })
  const answer = await web.browser().get('/readyz')
  expect([answer.status, answer.text]).toEqual([503, 'not ready\n'])
  await supertest(operations('/var is full'))
    .get('/readyz')
    .expect(503, {
      status: 'not ready',
      draining: false,
      checks: { 'audit trail': '/var is full' },
    })
  await supertest(operations()).get('/readyz').expect(200)
  await supertest(operations()).get('/healthz').expect(200, { status: 'ok' })
})

test('metrics stand on the operations listener only', async () => {
  await supertest(operations()).get('/metrics').expect(200, 'up 1\n')
  const web = await startWeb()
  expect((await web.browser().get('/metrics')).status).toBe(404)
})

test('a check that hangs counts as failed', async () => {
  const readiness = createReadiness(
    [{ name: 'slow', check: () => new Promise(() => undefined) }],
    now,
  )
  expect(await readiness()).toMatchObject([{ name: 'slow', fault: 'no answer within 2000 ms' }])
})

test('checks run at most once a second, however many ask', async () => {
  let runs = 0
  let at = 0
  const check = () => {
    runs += 1
    return Promise.resolve()
  }
  const readiness = createReadiness([{ name: 'state', check }], () => new Date(at))
  await Promise.all(Array.from({ length: 100 }, () => readiness()))
  expect(runs).toBe(1)
  at = 1000
  await readiness()
  expect(runs).toBe(2)
})

test('checks run again after the clock was set back', async () => {
  let runs = 0
  let at = 3_600_000
  const check = () => {
    runs += 1
    return Promise.resolve()
  }
  const readiness = createReadiness([{ name: 'state', check }], () => new Date(at))
  await readiness()
  at = 0
  await readiness()
  expect(runs).toBe(2)
})

test('a draining server is not ready, and closes its connections', async () => {
  const web = await startWeb()
  web.draining = true
  const answer = await web.browser().get('/readyz')
  expect(answer.status).toBe(503)
  expect((await web.browser().get('/healthz')).status).toBe(200)
  expect((await web.browser().get('/sign-in')).headers['connection']).toBe('close')
})

async function slowServer() {
  const gate = Promise.withResolvers<undefined>()
  const arrived = Promise.withResolvers<undefined>()
  const server = createServer((_request, response) => {
    arrived.resolve(undefined)
    void gate.promise.then(() => response.end('whole'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')
  return { server, gate, arrived, url: `http://127.0.0.1:${address.port}/` }
}

const effects = { sleep: (milliseconds: number) => delay(milliseconds) }

test('draining answers what is under way and takes nothing new', async () => {
  const { server, gate, arrived, url } = await slowServer()
  const answer = fetch(url)
  await arrived.promise
  const draining = drain([server], 5, effects)
  await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  gate.resolve(undefined)
  expect(await (await answer).text()).toBe('whole')
  await expect(draining).resolves.toBe(true)
})

test('draining cuts off what does not end in time, and says so', async () => {
  const { server, arrived, url } = await slowServer()
  const answer = fetch(url).catch(() => 'cut off')
  await arrived.promise
  await expect(drain([server], 0.1, effects)).resolves.toBe(false)
  await expect(answer).resolves.toBe('cut off')
})

test('what is not vital is told to operators and turns no traffic away', async () => {
  const check = () => Promise.reject(new Error('sts.example has not answered'))
  const readiness = createReadiness([{ name: 'AWS', vital: false, check }], now)
  await supertest(createOperationsApp({ readiness, metrics, isDraining: () => false }))
    .get('/readyz')
    .expect(200, {
      status: 'ready',
      draining: false,
      checks: { AWS: 'sts.example has not answered' },
    })
})
