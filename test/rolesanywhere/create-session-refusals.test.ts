import { describe, expect, test } from 'vitest'
import { signerFrom } from '../../src/keys/key-material.ts'
import type { Signer } from '../../src/keys/signer.ts'
import { createSession } from '../../src/rolesanywhere/create-session.ts'
import { having } from '../keys/matchers.ts'
import { issue } from '../keys/test-certificates.ts'
import { askSession, sessionRequest, signer, stillEffects } from './asked-session.ts'
import { checkSignature, grant, refuse, serve } from './fake-roles-anywhere.ts'

describe('a refusal', () => {
  test.for([
    ['AccessDeniedException', 'Untrusted certificate. Insufficient certificate'],
    ['AccessDeniedException:http://internal.amazon.com/coral/', 'Invalid signature'],
    ['com.amazon#ResourceNotFoundException', 'Trust anchor not found'],
    ['ValidationException', 'Malformed'],
  ] as const)('brings AWS’s code, message and request ID: %s', async ([header, message]) => {
    const { error, arrived } = await askSession(refuse(403, header, message))
    const code = /(\w+Exception)/.exec(header)?.[1]
    expect(error).toEqual(
      having({
        name: 'RolesAnywhereFault',
        code: 'aws_refused',
        fault: { operation: 'CreateSession', status: 403, code, message, requestId: 'request-2' },
        attempts: 1,
        mayPass: false,
      }),
    )
    expect(arrived).toHaveLength(1)
  })

  test.for([
    ['{"__type":"a.b#AccessDeniedException","message":"no"}', 'AccessDeniedException', 'no'],
    ['{"code":"AccessDeniedException","Message":"no"}', 'AccessDeniedException', 'no'],
    ['<html>', 'HTTP 403', 'it gave no reason'],
    ['{"__type":"<script>","message":"a\\u001b[31m\\nb"}', 'HTTP 403', 'a [31m b'],
  ] as const)('is read from the body %s', async ([body, code, message]) => {
    const { error } = await askSession((response) => response.writeHead(403).end(body))
    expect(error).toEqual(having({ fault: having({ code, message }) }))
  })

  test('tells how far AWS’s clock is from ours', async () => {
    const date = new Date('2026-12-01T12:07:00Z').toUTCString()
    const { error } = await askSession(
      refuse(403, 'AccessDeniedException', 'Signature expired', { date }),
    )
    expect(error).toEqual(having({ clockSkewSeconds: 420 }))
  })

  test('bounds a message without end', async () => {
    const { error } = await askSession(refuse(403, 'AccessDeniedException', 'x'.repeat(100_000)))
    expect(error).toEqual(having({ fault: having({ message: 'x'.repeat(2_000) }) }))
  })
})

describe('trying again', () => {
  test.for([
    [500, 'InternalServerException'],
    [503, 'ServiceUnavailable'],
    [429, 'TooManyRequestsException'],
    [400, 'ThrottlingException'],
    [403, 'SlowDown'],
  ] as const)('happens for HTTP %d %s, each time signed anew', async ([status, code]) => {
    const { value, arrived, pauses } = await askSession((response, one, count) => {
      if (count < 3) refuse(status, code, 'later')(response, one, count)
      else grant(response, one, count)
    })
    expect(value?.requestId).toBe('request-1')
    expect(arrived.map(({ headers }) => headers['amz-sdk-request'])).toEqual(
      [1, 2, 3].map((n) => `attempt=${n}; max=3`),
    )
    expect(new Set(arrived.map(({ headers }) => headers['amz-sdk-invocation-id'])).size).toBe(1)
    expect(new Set(arrived.map(({ headers }) => headers['x-amz-date'])).size).toBeGreaterThan(1)
    for (const one of arrived) checkSignature(one)
    expect(pauses).toEqual([501, 1003])
  })

  test('ends after three attempts with the last refusal', async () => {
    const { error, arrived } = await askSession(refuse(503, 'ServiceUnavailable', 'later'))
    expect(error).toEqual(having({ attempts: 3, mayPass: true, fault: having({ status: 503 }) }))
    expect(arrived).toHaveLength(3)
  })

  test('is bounded by the number asked for', async () => {
    const { arrived } = await askSession(refuse(503, 'ServiceUnavailable', 'later'), {
      options: { maxAttempts: 1 },
    })
    expect(arrived).toHaveLength(1)
  })

  test.for([301, 400, 403, 404])('does not happen for HTTP %d', async (status) => {
    const { error, arrived } = await askSession(
      refuse(status, 'ValidationException', 'no', { location: '/elsewhere' }),
    )
    expect(error).toBeDefined()
    expect(arrived).toHaveLength(1)
  })

  test('takes the certificate that is current by then', async () => {
    const renewed = issue()
    const second = await signerFrom({
      certificate: Buffer.from(renewed.certificatePem + renewed.keyPem),
    })
    const signers = [signer, second]
    await using server = await serve((response, one, count) => {
      if (count === 1) refuse(503, 'ServiceUnavailable', 'later')(response, one, count)
      else grant(response, one, count)
    })
    const { effects } = stillEffects()
    const now = (): Signer => signers.shift() ?? second
    await createSession(sessionRequest, now, { effects, endpoint: server.endpoint })
    expect(server.arrived[1]?.headers['x-amz-x509']).toBe(
      renewed.certificate.raw.toString('base64'),
    )
  })
})
