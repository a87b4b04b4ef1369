import { Agent } from 'node:https'
import { Agent as HttpAgent, type ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { signerFrom } from '../../src/keys/key-material.ts'
import type { Signer } from '../../src/keys/signer.ts'
import {
  createSession,
  type SessionOptions,
  type SessionRequest,
} from '../../src/rolesanywhere/create-session.ts'
import { containing, having, lacking, matching } from '../keys/matchers.ts'
import { issue, issuePath, keyPairs } from '../keys/test-certificates.ts'
import {
  type Answering,
  checkSignature,
  grant,
  refuse,
  serve,
  session,
} from './fake-roles-anywhere.ts'

const request: SessionRequest = {
  trustAnchorArn: 'arn:aws:rolesanywhere:us-east-1:111111111111:trust-anchor/a1',
  profileArn: 'arn:aws:rolesanywhere:us-east-1:111111111111:profile/p1',
  roleArn: 'arn:aws:iam::111111111111:role/path/ReadOnly',
}
const path = issuePath()
const signer = await signerFrom({
  certificate: Buffer.from(
    path.leaf.certificatePem + path.intermediate.certificatePem + path.leaf.keyPem,
  ),
})

/** Effects that stand still: each pause moves the clock by itself. */
function stillEffects(random = 0x80) {
  const seen = { pauses: [] as number[], now: new Date('2026-12-01T12:00:00Z') }
  const effects = {
    now: () => seen.now,
    randomBytes: (length: number) => Buffer.alloc(length, random),
    sleep: (milliseconds: number) => {
      seen.pauses.push(milliseconds)
      seen.now = new Date(seen.now.getTime() + milliseconds)
      return Promise.resolve()
    },
  }
  return { seen, effects }
}

async function ask(
  answer: Answering,
  {
    wish = {},
    options = {},
    by = signer,
  }: { wish?: Partial<SessionRequest>; options?: Partial<SessionOptions>; by?: Signer } = {},
) {
  await using server = await serve(answer)
  const { seen, effects } = stillEffects()
  const outcome = await createSession({ ...request, ...wish }, () => by, {
    effects,
    endpoint: server.endpoint,
    ...options,
  }).then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  )
  return { ...outcome, arrived: server.arrived, pauses: seen.pauses }
}

describe('the request', () => {
  test.for(Object.entries(keyPairs))(
    'is signed with %s so that the certificate verifies it',
    async ([, make]) => {
      const made = issuePath({ keys: make() })
      const chained = made.leaf.certificatePem + made.intermediate.certificatePem + made.leaf.keyPem
      for (const pem of [chained, made.leaf.certificatePem + made.leaf.keyPem]) {
        const by = await signerFrom({ certificate: Buffer.from(pem) })
        const { value, arrived } = await ask(grant, { by })
        expect(value?.credentials.accessKeyId).toBe('ASIAEXAMPLE00000000')
        const [one] = arrived
        expect(one && checkSignature(one)).toMatchObject({ region: 'us-east-1' })
        expect(one?.headers['x-amz-x509-chain']).toBe(
          pem === chained ? made.intermediate.certificate.raw.toString('base64') : undefined,
        )
      }
    },
  )

  test('has the parameters in the query and what shapes the session in the body', async () => {
    const { arrived } = await ask(grant, {
      wish: { durationSeconds: 900, roleSessionName: 'my-session' },
      options: { userAgent: 'postern/1' },
    })
    const [one] = arrived
    const url = new URL(one?.target ?? '', 'http://host')
    expect(url.pathname).toBe('/sessions')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      profileArn: request.profileArn,
      roleArn: request.roleArn,
      trustAnchorArn: request.trustAnchorArn,
    })
    expect(one?.body).toBe('{"durationSeconds":900,"roleSessionName":"my-session"}')
    expect(one?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-amz-date': '20261201T120000Z',
      'amz-sdk-request': 'attempt=1; max=3',
      'amz-sdk-invocation-id': matching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      'user-agent': 'postern/1',
      'content-length': String(one?.body.length),
    })
  })

  test('asks for an hour under the certificate’s own name by default', async () => {
    const { arrived } = await ask(grant, { wish: { roleSessionName: '' } })
    expect(arrived[0]?.body).toBe('{"durationSeconds":3600}')
  })

  test('goes below the prefix of an endpoint and signs the bare path', async () => {
    await using server = await serve(grant)
    const { effects } = stillEffects()
    await createSession(request, () => signer, {
      effects,
      endpoint: `${server.endpoint}/base/`,
      region: 'eu-west-1',
    })
    const [one] = server.arrived
    expect(one?.target).toMatch(/^\/base\/sessions\?/)
    const bare = one && { ...one, target: one.target.replace('/base', '') }
    expect(bare && checkSignature(bare)).toMatchObject({ region: 'eu-west-1' })
  })

  test.for<[string, Partial<SessionRequest>, RegExp]>([
    ['a role that is no ARN', { roleArn: 'ReadOnly' }, /role is not given by its ARN/],
    ['a trust anchor that is none', { trustAnchorArn: 'x' }, /failed to parse trust anchor arn/],
    [
      'a profile elsewhere',
      { profileArn: request.profileArn.replace('us-east-1', 'eu-west-1') },
      /regions don't match/,
    ],
    ['a duration below 15 minutes', { durationSeconds: 899 }, /900 to 43200/],
    ['a duration above 12 hours', { durationSeconds: 43_201 }, /900 to 43200/],
    ['a duration that is no number of seconds', { durationSeconds: 900.5 }, /900 to 43200/],
    ['a session name of one letter', { roleSessionName: 'a' }, /2 to 64/],
    ['a session name with a newline', { roleSessionName: 'ab\n' }, /2 to 64/],
    ['a session name that is too long', { roleSessionName: 'a'.repeat(65) }, /2 to 64/],
  ])('never leaves with %s', async ([, wish, message]) => {
    const { error, arrived } = await ask(grant, { wish })
    expect(error).toEqual(having({ code: 'invalid_request', message: matching(message) }))
    expect(arrived).toHaveLength(0)
  })
})

describe('the answer', () => {
  test('is given with everything that AWS said', async () => {
    const { value } = await ask(grant)
    expect(value).toEqual({
      credentials: {
        accessKeyId: 'ASIAEXAMPLE00000000',
        secretAccessKey: 'secret/Key+1',
        sessionToken: 'token==',
        expiration: new Date('2026-12-01T13:00:00Z'),
      },
      expirationText: '2026-12-01T13:00:00Z',
      assumedRoleArn: 'arn:aws:sts::111111111111:assumed-role/ReadOnly/0123',
      assumedRoleId: 'AROAEXAMPLE:0123',
      roleArn: 'arn:aws:iam::111111111111:role/ReadOnly',
      sourceIdentity: 'CN=leaf',
      packedPolicySize: 10,
      subjectArn: 'arn:aws:rolesanywhere:us-east-1:111111111111:subject/s1',
      requestId: 'request-1',
      clockSkewSeconds: expect.any(Number) as unknown,
    })
  })

  const [set] = session.credentialSet
  const withCredentials = (changed: object): string =>
    JSON.stringify({
      credentialSet: [{ ...set, credentials: { ...set?.credentials, ...changed } }],
    })

  test.for([
    ['no JSON', '<html>'],
    ['nothing', ''],
    ['JSON of another shape', '[]'],
    ['no set', '{}'],
    ['an empty set', '{"credentialSet":[]}'],
    ['a set of nothing', '{"credentialSet":[{}]}'],
    ['a set of null', '{"credentialSet":[null]}'],
    ['half of its JSON', JSON.stringify(session).slice(0, 100)],
    ['a key ID with a newline', withCredentials({ accessKeyId: 'ASIAEXAMPLE\nx' })],
    [
      'a secret with a newline',
      withCredentials({ secretAccessKey: 'a\n[profile x]\ncredential_process=y' }),
    ],
    ['an empty token', withCredentials({ sessionToken: '' })],
    ['a token that is a number', withCredentials({ sessionToken: 1 })],
    ['no expiration', withCredentials({ expiration: undefined })],
    ['an expiration that is no date', withCredentials({ expiration: '2026-13-40T99:00:00Z' })],
    ['an expiration in words', withCredentials({ expiration: 'tomorrow' })],
  ] as const)('is refused with %s, once, without repeating any of it', async ([, body]) => {
    const { error, arrived } = await ask((response) => response.writeHead(201).end(body))
    expect(error).toEqual(
      having({
        code: 'temporarily_unavailable',
        message: matching(/^unable to obtain temporary security credentials/),
      }),
    )
    expect(JSON.stringify(error)).not.toContain('profile x')
    expect(arrived).toHaveLength(1)
  })

  test('may come with 200, with more fields, and without the optional ones', async () => {
    const { value } = await ask((response) => {
      response.end(
        JSON.stringify({
          credentialSet: [{ credentials: { ...set?.credentials, more: 1 } }],
          other: [],
        }),
      )
    })
    expect(value).toMatchObject({ assumedRoleArn: undefined, requestId: undefined })
  })
})

describe('a refusal', () => {
  test.for([
    ['AccessDeniedException', 'Untrusted certificate. Insufficient certificate'],
    ['AccessDeniedException:http://internal.amazon.com/coral/', 'Invalid signature'],
    ['com.amazon#ResourceNotFoundException', 'Trust anchor not found'],
    ['ValidationException', 'Malformed'],
  ] as const)('brings AWS’s code, message and request ID: %s', async ([header, message]) => {
    const { error, arrived } = await ask(refuse(403, header, message))
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
    const { error } = await ask((response) => response.writeHead(403).end(body))
    expect(error).toEqual(having({ fault: having({ code, message }) }))
  })

  test('tells how far AWS’s clock is from ours', async () => {
    const date = new Date('2026-12-01T12:07:00Z').toUTCString()
    const { error } = await ask(refuse(403, 'AccessDeniedException', 'Signature expired', { date }))
    expect(error).toEqual(having({ clockSkewSeconds: 420 }))
  })

  test('bounds a message without end', async () => {
    const { error } = await ask(refuse(403, 'AccessDeniedException', 'x'.repeat(100_000)))
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
    const { value, arrived, pauses } = await ask((response, one, count) => {
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
    const { error, arrived } = await ask(refuse(503, 'ServiceUnavailable', 'later'))
    expect(error).toEqual(having({ attempts: 3, mayPass: true, fault: having({ status: 503 }) }))
    expect(arrived).toHaveLength(3)
  })

  test('is bounded by the number asked for', async () => {
    const { arrived } = await ask(refuse(503, 'ServiceUnavailable', 'later'), {
      options: { maxAttempts: 1 },
    })
    expect(arrived).toHaveLength(1)
  })

  test.for([301, 400, 403, 404])('does not happen for HTTP %d', async (status) => {
    const { error, arrived } = await ask(
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
    await createSession(request, now, { effects, endpoint: server.endpoint })
    expect(server.arrived[1]?.headers['x-amz-x509']).toBe(
      renewed.certificate.raw.toString('base64'),
    )
  })
})

describe('the network', () => {
  const dropped = (response: ServerResponse): void => {
    response.socket?.destroy()
  }

  test('that breaks off is tried again', async () => {
    const { value, arrived } = await ask((response, one, count) => {
      if (count === 1) dropped(response)
      else grant(response, one, count)
    })
    expect(value?.requestId).toBe('request-1')
    expect(arrived).toHaveLength(2)
  })

  test('that breaks off in the middle of the answer is tried again', async () => {
    const { value } = await ask((response, one, count) => {
      if (count > 1) grant(response, one, count)
      else {
        response.writeHead(201, { 'content-length': 1000 })
        response.write('{"credentialSet"', () => {
          dropped(response)
        })
      }
    })
    expect(value?.requestId).toBe('request-1')
  })

  test('that does not answer in time is tried again, and then named', async () => {
    const { error, arrived } = await ask(() => undefined, { options: { attemptTimeout: 60 } })
    expect(error).toEqual(
      having({ code: 'temporarily_unavailable', message: containing('within 0.06 seconds') }),
    )
    expect(arrived).toHaveLength(3)
  })

  test('that trickles its answer is cut off in time', async () => {
    const timers: NodeJS.Timeout[] = []
    const { error } = await ask(
      (response) => {
        response.writeHead(201)
        timers.push(setInterval(() => response.write(' '), 10))
      },
      { options: { attemptTimeout: 80, maxAttempts: 1 } },
    )
    timers.forEach((timer) => {
      clearInterval(timer)
    })
    expect(error).toEqual(having({ message: containing('within 0.08 seconds') }))
  })

  test('that answers without end is cut off', async () => {
    const { error, arrived } = await ask((response) => {
      response.writeHead(201)
      response.end(Buffer.alloc(300 * 1024, 0x20))
    })
    expect(error).toEqual(having({ detail: containing('larger than') }))
    expect(arrived).toHaveLength(1)
  })

  test('that refuses the connection is tried again, and then named', async () => {
    const endpoint = await (async () => {
      await using server = await serve(grant)
      return server.endpoint
    })()
    const { error, pauses } = await ask(grant, { options: { endpoint } })
    expect(error).toEqual(
      having({ code: 'temporarily_unavailable', message: containing('could not be reached') }),
    )
    expect(pauses).toHaveLength(2)
  })

  test('that does not know the host is not tried again', async () => {
    const httpAgent = new HttpAgent({
      lookup: (host, _, done) => {
        done(
          Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }),
          '',
          4,
        )
      },
    })
    const { error, pauses } = await ask(grant, {
      options: { endpoint: 'http://nowhere.test', agents: { httpAgent } },
    })
    expect(error).toEqual(having({ message: containing('There is no host nowhere.test') }))
    expect(pauses).toEqual([])
  })

  test('can be given up at any time', async () => {
    const abort = new AbortController()
    const { error, arrived } = await ask(
      () => {
        abort.abort(new Error('enough'))
      },
      { options: { signal: abort.signal } },
    )
    expect(error).toEqual(new Error('enough'))
    expect(arrived).toHaveLength(1)
  })

  test('keeps the secrets of an answer and the signature out of its errors', async () => {
    const { error } = await ask(refuse(403, 'AccessDeniedException', 'no'))
    expect(error).toEqual(having({ message: lacking('Signature='), detail: lacking('Signature=') }))
  })
})

describe('over TLS', () => {
  const server = issue({ commonName: '127.0.0.1', keys: keyPairs.p256() })
  const tls = { key: server.keyPem, cert: server.certificatePem }

  test('a server whose certificate is not trusted learns nothing', async () => {
    await using listening = await serve(grant, tls)
    const { effects, seen } = stillEffects()
    const asking = createSession(request, () => signer, { effects, endpoint: listening.endpoint })
    await expect(asking).rejects.toEqual(having({ message: matching(/not trusted/) }))
    expect(listening.arrived).toHaveLength(0)
    expect(seen.pauses).toEqual([])
  })

  test('the agent brings the trust', async () => {
    await using listening = await serve(grant, tls)
    const { effects } = stillEffects()
    const httpsAgent = new Agent({
      ca: server.certificatePem,
      checkServerIdentity: () => undefined,
    })
    const got = await createSession(request, () => signer, {
      effects,
      endpoint: listening.endpoint,
      agents: { httpsAgent },
    })
    expect(got.requestId).toBe('request-1')
    httpsAgent.destroy()
  })
})
