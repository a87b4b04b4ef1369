import { describe, expect, test } from 'vitest'
import { AwsRefused, AwsUnavailable } from '../../src/errors.ts'
import { heldEffects } from '../support/held-effects.ts'
import { type Answer, loopbackServer } from '../support/loopback-server.ts'
import { rejectionOf } from '../support/rejection-of.ts'
import { assumeRoleOn } from './assume-role-on.ts'
import { orderOf } from './orders.ts'
import { answers, assumeRoleXml, gives, now, refuses } from './sts-answers.ts'

describe('trying again', () => {
  const throttled = refuses(400, 'Throttling', 'Rate exceeded')

  const breaksWithin: Answer = (response) => {
    const xml = assumeRoleXml()
    response.writeHead(200, { 'content-length': xml.length })
    response.write(xml.slice(0, 400), () => response.destroy())
  }

  test.each<[string, Answer]>([
    ['throttling', throttled],
    ['status 429', answers(429, 'slow down')],
    ['status 500', refuses(500, 'InternalFailure', 'oh')],
    ['HTML with status 503', answers(503, '<html><p>Service<br>unavailable</html>')],
    ['HTML with status 200', answers(200, '<html><p>Gateway</html>')],
    ['a connection that breaks before the answer', (response) => response.destroy()],
    ['a connection that breaks within the answer', breaksWithin],
  ])('follows %s, after a growing random pause', async (_name, answer) => {
    const { issuer, received, effects } = await assumeRoleOn([answer, answer, gives()])
    await expect(issuer.issue(orderOf())).resolves.toMatchObject({ durationSeconds: 3600 })
    expect(received).toHaveLength(3)
    expect(effects.pauses).toEqual([200, 400])
  })

  test('ends after the attempts that are set', async () => {
    const { issuer, received } = await assumeRoleOn([throttled], { attempts: 2 })
    const error = await rejectionOf(issuer.issue(orderOf()), AwsUnavailable)
    expect(error).toHaveProperty('message', expect.stringContaining('Try again'))
    expect(error).toHaveProperty('detail', 'AssumeRole: Throttling (request aws-request-2)')
    expect(received).toHaveLength(2)
  })

  test.each<[string, Answer, typeof AwsRefused | typeof AwsUnavailable]>([
    ['a refusal', refuses(403, 'AccessDenied', 'no'), AwsRefused],
    ['silence', () => undefined, AwsUnavailable],
  ])('never follows %s', async (_name, answer, kind) => {
    const { issuer, received } = await assumeRoleOn([answer], { timeouts: { answer: 100 } })
    await rejectionOf<AwsRefused | AwsUnavailable>(issuer.issue(orderOf()), kind)
    expect(received).toHaveLength(1)
  })
})

describe('no answer', () => {
  test('is a matter of bounded time, before the head and within the body', async () => {
    const silent: Answer = () => undefined
    const slow: Answer = (response) => {
      response.writeHead(200)
      response.write(assumeRoleXml().slice(0, 100))
    }
    for (const answer of [silent, slow]) {
      const { issuer } = await assumeRoleOn([answer], { timeouts: { answer: 150, total: 400 } })
      const started = performance.now()
      const error = await rejectionOf(issuer.issue(orderOf()), AwsUnavailable)
      expect(performance.now() - started).toBeLessThan(3000)
      expect(error).toHaveProperty('message', expect.stringContaining('aws.endpoints.sts'))
    }
  })

  test('names the host when nothing takes the connection', async () => {
    const { issuer } = await assumeRoleOn([gives()], { stsEndpoint: 'http://127.0.0.1:9' })
    const error = await rejectionOf(issuer.issue(orderOf()), AwsUnavailable)
    expect(error).toHaveProperty('message', expect.stringContaining('127.0.0.1:9: nothing there'))
  })

  test('names the host when it can not be resolved', async () => {
    const { issuer } = await assumeRoleOn([gives()], { stsEndpoint: 'http://sts.invalid' })
    const error = await rejectionOf(issuer.issue(orderOf()), AwsUnavailable)
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining('sts.invalid: the name can not'),
    )
  })

  test('blames the proxy when the proxy refuses', async () => {
    const proxy = await loopbackServer(answers(407, 'no'))
    const effects = heldEffects(now, { httpsProxy: proxy.origin })
    const { issuer } = await assumeRoleOn([gives()], {
      effects,
      stsEndpoint: 'https://sts.example',
    })
    const error = await rejectionOf(issuer.issue(orderOf()), AwsUnavailable)
    expect(error).toHaveProperty('message', expect.stringContaining('proxy'))
  })
})
