import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../sandbox/faults/faults.ts'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { form, raw, type RawAnswer } from './raw-http.ts'
import { assume, refusalOf, stsClient } from './sdk.ts'

const RoleArn = 'arn:aws:iam::111111111111:role/ReadOnly'
const JSON_TYPE = { 'content-type': 'application/json' }

let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox()
})
afterAll(() => aws.close())
beforeEach(() => {
  aws.faults.clear()
})

async function isOpen(): Promise<boolean> {
  try {
    return (await raw(aws.url, { method: 'GET', path: '/_sandbox' })).status === 200
  } catch {
    return false
  }
}

describe('a fault', () => {
  test.each<[Fault, string]>([
    [{ kind: 'throttling' }, '400 Throttling: Rate exceeded'],
    [{ kind: 'unavailable' }, '503 ServiceUnavailable: '],
    [{ kind: 'internal-failure' }, '500 InternalFailure: '],
    [{ kind: 'region-disabled' }, '403 RegionDisabled: STS is not activated'],
    [{ kind: 'access-denied' }, '403 AccessDenied: '],
    [{ kind: 'expired-token' }, '403 ExpiredToken: '],
  ])('of %j meets the next call, which issues nothing, and then no other', async (fault, told) => {
    const before = aws.issued().length
    aws.faults.next('AssumeRole', fault)
    expect(await refusalOf(assume(aws.url, { RoleArn }))).toContain(told)
    expect(aws.issued()).toHaveLength(before)
    await assume(aws.url, { RoleArn })
  })

  test('waits for its own action', async () => {
    aws.faults.next('AssumeRole', { kind: 'throttling' })
    await stsClient(aws.url).send(new GetCallerIdentityCommand({}))
    expect(aws.faults.waiting()).toEqual({ AssumeRole: 1 })
  })

  test('can meet any action, and several calls', async () => {
    aws.faults.next('*', { kind: 'throttling' }, 2)
    expect(await refusalOf(assume(aws.url, { RoleArn }))).toContain('Throttling')
    expect(await refusalOf(assume(aws.url, { RoleArn }))).toContain('Throttling')
    await assume(aws.url, { RoleArn })
  })

  test('can make a call slow', async () => {
    aws.faults.next('AssumeRole', { kind: 'slow', milliseconds: 150 })
    const start = performance.now()
    await assume(aws.url, { RoleArn })
    expect(performance.now() - start).toBeGreaterThanOrEqual(145)
  })

  test('can put a page where XML belongs', async () => {
    aws.faults.next('AssumeRole', { kind: 'html' })
    const answer = await raw(aws.url, { path: '/?Action=AssumeRole' })
    expect(answer.headers['content-type']).toBe('text/html')
    expect(answer.status).toBe(200)
  })

  test('can break the connection in the middle of an answer, after issuing', async () => {
    const before = aws.issued().length
    aws.faults.next('AssumeRole', { kind: 'half-answer' })
    await expect(assume(aws.url, { RoleArn })).rejects.toThrow(
      /aborted|terminated|socket|ECONNRESET/i,
    )
    expect(aws.issued()).toHaveLength(before + 1)
  })

  test('can reset the connection, before issuing', async () => {
    const before = aws.issued().length
    aws.faults.next('AssumeRole', { kind: 'reset' })
    await expect(assume(aws.url, { RoleArn })).rejects.toThrow(/ECONNRESET|hang up/)
    expect(aws.issued()).toHaveLength(before)
  })

  test("can be the federation endpoint's", async () => {
    aws.faults.next('getSigninToken', { kind: 'bad-request' })
    const path = `/federation?${form({ Action: 'getSigninToken' })}`
    const answer = await raw(aws.url, { method: 'GET', path })
    expect(answer.status).toBe(400)
    expect(answer.headers['content-type']).toMatch(/^text\/html/)
  })

  test('can close the port for a while', async () => {
    await aws.faults.refuseConnections(100)
    await expect(assume(aws.url, { RoleArn })).rejects.toThrow(/ECONNREFUSED/)
    await expect.poll(isOpen).toBe(true)
    await assume(aws.url, { RoleArn })
  })
})

describe('over the wire', () => {
  async function order(
    body: unknown,
    headers: Record<string, string> = JSON_TYPE,
  ): Promise<RawAnswer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return await raw(aws.url, { path: '/_sandbox/faults', headers, body: text })
  }

  test('faults can be ordered, seen and cleared', async () => {
    const fault = { kind: 'throttling' }
    expect((await order({ action: 'AssumeRole', fault, times: 3 })).status).toBe(200)
    expect(await refusalOf(assume(aws.url, { RoleArn }))).toContain('Throttling')
    const seen = await raw(aws.url, { method: 'GET', path: '/_sandbox/faults' })
    expect(JSON.parse(seen.body)).toEqual({ waiting: { AssumeRole: 2 } })
    await order({ clear: true })
    await assume(aws.url, { RoleArn })
  })

  test('the port can be closed for a while', async () => {
    expect((await order({ refuseConnections: 200 })).status).toBe(200)
    await expect.poll(isOpen).toBe(false)
    await expect.poll(isOpen).toBe(true)
  })

  test('what was issued can be read, without secrets', async () => {
    const issued = await assume(aws.url, { RoleArn, RoleSessionName: 'carol' })
    const answer = await raw(aws.url, { method: 'GET', path: '/_sandbox/issued' })
    const list = (JSON.parse(answer.body) as { issued: unknown[] }).issued
    expect(list.at(-1)).toMatchObject({
      roleSessionName: 'carol',
      accessKeyId: issued.Credentials?.AccessKeyId,
    })
    expect(answer.body).not.toContain(issued.Credentials?.SecretAccessKey)
    expect(answer.body).not.toContain(issued.Credentials?.SessionToken)
  })

  test.each(['http://localhost:3000', 'null', 'https://evil.example'])(
    'a page of origin %s is refused',
    async (origin) => {
      const answer = await order({ clear: true }, { ...JSON_TYPE, origin })
      expect(answer.status).toBe(403)
      const read = await raw(aws.url, {
        method: 'GET',
        path: '/_sandbox/issued',
        headers: { origin },
      })
      expect(read.status).toBe(403)
    },
  )

  test('a foreign name that resolves to this machine is refused', async () => {
    const headers = { host: `evil.example:${aws.port}` }
    const read = await raw(aws.url, { method: 'GET', path: '/_sandbox/issued', headers })
    expect(read.status).toBe(403)
  })

  test.each([
    'no JSON',
    [],
    {},
    { action: 'AssumeRole' },
    { action: 'AssumeRole', fault: { kind: 'earthquake' } },
    { action: 'AssumeRole', fault: { kind: 'slow' } },
    { action: 'AssumeRole', fault: { kind: 'throttling' }, times: 1e9 },
    { action: '', fault: { kind: 'throttling' } },
    { clear: false },
    { refuseConnections: -1 },
  ])('the order %j is refused', async (body) => {
    expect((await order(body)).status).toBe(400)
    expect(aws.faults.waiting()).toEqual({})
  })

  test('an order of another type is refused, and so is another method', async () => {
    expect((await order({ clear: true }, { 'content-type': 'text/plain' })).status).toBe(415)
    const put = await raw(aws.url, { method: 'PUT', path: '/_sandbox/faults' })
    expect(put.status).toBe(405)
  })
})
