import { describe, expect, test } from 'vitest'
import { signerFrom } from '../../src/keys/key-material.ts'
import { createSession, type SessionRequest } from '../../src/rolesanywhere/create-session.ts'
import { having, matching } from '../keys/matchers.ts'
import { issuePath, keyPairs } from '../keys/test-certificates.ts'
import { everythingIn } from '../support/everything-in.ts'
import { askSession, sessionRequest, signer, stillEffects } from './asked-session.ts'
import {
  type Answering,
  checkSignature,
  grant,
  refuse,
  serve,
  session,
} from './fake-roles-anywhere.ts'

const [set] = session.credentialSet

describe('the request', () => {
  test.for(Object.entries(keyPairs))(
    'is signed with %s so that the certificate verifies it',
    async ([, make]) => {
      const made = issuePath({ keys: make() })
      const chained = made.leaf.certificatePem + made.intermediate.certificatePem + made.leaf.keyPem
      for (const pem of [chained, made.leaf.certificatePem + made.leaf.keyPem]) {
        const by = await signerFrom({ certificate: Buffer.from(pem) })
        const { value, arrived } = await askSession(grant, { by })
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
    const { arrived } = await askSession(grant, {
      wish: { durationSeconds: 900, roleSessionName: 'my-session' },
      options: { userAgent: 'postern/1' },
    })
    const [one] = arrived
    const url = new URL(one?.target ?? '', 'http://host')
    expect(url.pathname).toBe('/sessions')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      profileArn: sessionRequest.profileArn,
      roleArn: sessionRequest.roleArn,
      trustAnchorArn: sessionRequest.trustAnchorArn,
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
    const { arrived } = await askSession(grant, { wish: { roleSessionName: '' } })
    expect(arrived[0]?.body).toBe('{"durationSeconds":3600}')
  })

  test('goes below the prefix of an endpoint and signs the bare path', async () => {
    await using server = await serve(grant)
    const { effects } = stillEffects()
    await createSession(sessionRequest, () => signer, {
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
      { profileArn: sessionRequest.profileArn.replace('us-east-1', 'eu-west-1') },
      /regions don't match/,
    ],
    ['a duration below 15 minutes', { durationSeconds: 899 }, /900 to 43200/],
    ['a duration above 12 hours', { durationSeconds: 43_201 }, /900 to 43200/],
    ['a duration that is no number of seconds', { durationSeconds: 900.5 }, /900 to 43200/],
    ['a session name of one letter', { roleSessionName: 'a' }, /2 to 64/],
    ['a session name with a newline', { roleSessionName: 'ab\n' }, /2 to 64/],
    ['a session name that is too long', { roleSessionName: 'a'.repeat(65) }, /2 to 64/],
  ])('never leaves with %s', async ([, wish, message]) => {
    const { error, arrived } = await askSession(grant, { wish })
    expect(error).toEqual(having({ code: 'invalid_request', message: matching(message) }))
    expect(arrived).toHaveLength(0)
  })
})

describe('the answer', () => {
  test('is given with everything that AWS said', async () => {
    const { value } = await askSession(grant)
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
    const { error, arrived } = await askSession((response) => response.writeHead(201).end(body))
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
    const { value } = await askSession((response) => {
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

test('keeps the secrets of an answer and the signature out of its errors', async () => {
  const secrets = [set?.credentials.secretAccessKey, set?.credentials.sessionToken]
  const whole = JSON.stringify(session)
  const cut = whole.slice(0, whole.indexOf('token==') + 'token=='.length)
  const answers = [cut, `${whole}x`, JSON.stringify({ credentialSet: secrets })]
  const bad = answers.map(
    (body): Answering =>
      (response) =>
        response.writeHead(201).end(body),
  )
  for (const answer of [...bad, refuse(403, 'AccessDeniedException', 'no')]) {
    const { error, arrived } = await askSession(answer)
    const [, signature] = /Signature=(\w+)/.exec(arrived[0]?.headers.authorization ?? '') ?? []
    for (const secret of [...secrets, signature]) {
      if (!secret) throw new Error('no secret to look for')
      expect(everythingIn(error)).not.toContain(secret)
    }
  }
})
