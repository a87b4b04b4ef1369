import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { raw, xmlField } from './raw-http.ts'
import { amzDate, presignedPath, signedHeaders, type SigningChoices } from './signer.ts'
import { answerTo, choices, headersTo, NOW, told, TYPE, WHO } from './who-request.ts'

let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox({ now: () => NOW })
})
afterAll(() => aws.close())

function host(): string {
  return new URL(aws.url).host
}

const headers = (changes: Partial<SigningChoices> = {}, body = WHO) =>
  headersTo(aws.url, changes, body)
const refusal = (sent: Record<string, string | string[]>, body = WHO) =>
  answerTo(aws.url, sent, body)

describe('a signed request', () => {
  test('says who signed it', async () => {
    const answer = await raw(aws.url, { headers: headers(), body: WHO })
    expect(answer.status).toBe(200)
    expect(xmlField(answer.body, 'Arn')).toBe('arn:aws:iam::111111111111:user/postern-broker')
  })

  test('may spread its Authorization over fewer or more spaces', async () => {
    const sent = headers()
    const tight = { ...sent, authorization: (sent['authorization'] ?? '').replaceAll(', ', ',') }
    expect((await raw(aws.url, { headers: tight, body: WHO })).status).toBe(200)
  })

  test('may have its header values padded on the way', async () => {
    const padded = signedHeaders(
      { method: 'POST', host: host(), body: WHO, headers: { ...TYPE, 'x-amz-meta': 'a b' } },
      choices(),
    )
    const sent = { ...padded, 'x-amz-meta': '  a   b ' }
    expect((await raw(aws.url, { headers: sent, body: WHO })).status).toBe(200)
  })

  test.each([-14, 0, 14])('may be %i minutes off', async (minutes) => {
    const sent = headers({ date: amzDate(NOW, minutes) })
    expect((await raw(aws.url, { headers: sent, body: WHO })).status).toBe(200)
  })
})

describe('a wrong signature', () => {
  const MISMATCH = /^403 SignatureDoesNotMatch: The request signature we calculated does not match/

  test('by another secret is refused', async () => {
    expect(await refusal(headers({ secretAccessKey: 'x'.repeat(40) }))).toMatch(MISMATCH)
  })

  test('is what remains when the body changes', async () => {
    expect(await refusal(headers(), `${WHO}&Extra=1`)).toMatch(MISMATCH)
  })

  test('is what remains when a signed header changes', async () => {
    const sent = { ...headers(), 'content-type': 'application/x-www-form-urlencoded; charset=x' }
    expect(await refusal(sent)).toMatch(MISMATCH)
  })

  test('is what remains when the query string grows', async () => {
    const answer = await raw(aws.url, { path: '/?a=b', headers: headers(), body: WHO })
    expect(told(answer)).toMatch(MISMATCH)
  })
})

describe('the clock', () => {
  test('refuses an old request', async () => {
    expect(await refusal(headers({ date: amzDate(NOW, -16) }))).toBe(
      '403 SignatureDoesNotMatch: Signature expired: 20260301T114400Z is now earlier than 20260301T114500Z (20260301T120000Z - 15 min.)',
    )
  })

  test('refuses a request from the future', async () => {
    expect(await refusal(headers({ date: amzDate(NOW, 16) }))).toBe(
      '403 SignatureDoesNotMatch: Signature not yet current: 20260301T121600Z is still later than 20260301T121500Z (20260301T120000Z + 15 min.)',
    )
  })

  test.each(['20260301', '2026-03-01T12:00:00Z', '20260231T120000Z', 'now'])(
    'refuses the date %s',
    async (date) => {
      expect(await refusal({ ...headers(), 'x-amz-date': date })).toMatch(
        /^400 IncompleteSignature: Date must be in ISO-8601 'basic format'. Got/,
      )
    },
  )
})

describe('the scope', () => {
  test.each<[string, Partial<SigningChoices>, string]>([
    [
      'another service',
      { service: 's3' },
      "Credential should be scoped to correct service: 'sts'.",
    ],
    [
      'a region that is none',
      { region: 'EU WEST' },
      "Credential should be scoped to a valid region, not 'EU WEST'.",
    ],
    [
      'another terminator',
      { terminator: 'aws5' },
      "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'.",
    ],
    [
      'another day',
      { scopeDate: '20260228' },
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
    ],
  ])('refuses %s', async (_, wrong, message) => {
    const answer = await refusal(headers(wrong))
    expect(answer).toMatch(/^403 SignatureDoesNotMatch: /)
    expect(answer).toContain(message)
  })

  test('refuses a foreign region once the sandbox plays a single one', async () => {
    await using strict = await startSandbox({ now: () => NOW, switches: { region: 'eu-west-1' } })
    const { host: there } = new URL(strict.url)
    const sent = signedHeaders(
      { method: 'POST', host: there, body: WHO, headers: TYPE },
      choices({ region: 'us-west-1' }),
    )
    const answer = told(await raw(strict.url, { headers: sent, body: WHO }))
    expect(answer).toBe(
      "403 SignatureDoesNotMatch: Credential should be scoped to a valid region, not 'us-west-1'.",
    )
  })
})

describe('half a signature', () => {
  test.each([
    ['no Credential', /Credential=[^,]+, /, 'Credential'],
    ['no SignedHeaders', /SignedHeaders=[^,]+, /, 'SignedHeaders'],
    ['no Signature', /, Signature=.*/, 'Signature'],
  ])('with %s is incomplete', async (_, part, name) => {
    const sent = headers()
    const authorization = (sent['authorization'] ?? '').replace(part, '')
    expect(await refusal({ ...sent, authorization })).toContain(
      `400 IncompleteSignature: Authorization header requires '${name}' parameter.`,
    )
  })

  test('without any date is incomplete', async () => {
    const { authorization = '' } = headers()
    const sent = { ...TYPE, authorization }
    expect(await refusal(sent)).toContain("existence of either a 'X-Amz-Date' or a 'Date'")
  })

  test('with a credential of four parts is incomplete', async () => {
    const sent = headers()
    const authorization = (sent['authorization'] ?? '').replace('/sts/', '/')
    expect(await refusal({ ...sent, authorization })).toContain(
      'exactly 5 slash-delimited elements',
    )
  })

  test('with two dates is incomplete', async () => {
    const sent = { ...headers(), 'x-amz-date': [amzDate(NOW), amzDate(NOW, 1)] }
    expect(await refusal(sent)).toMatch(/^400 IncompleteSignature/)
  })

  test('in the header and another in the query is incomplete', async () => {
    const path = presignedPath(
      host(),
      { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      choices(),
    )
    const answer = await raw(aws.url, { method: 'GET', path, headers: headers() })
    expect(told(answer)).toMatch(/^400 IncompleteSignature/)
  })

  test.each(['AWS4-HMAC-SHA512', 'AWS4-ECDSA-P256-SHA256'])('by %s is refused', async (name) => {
    const sent = headers()
    const authorization = (sent['authorization'] ?? '').replace('AWS4-HMAC-SHA256', name)
    expect(await refusal({ ...sent, authorization })).toMatch(
      /^400 IncompleteSignature: Unsupported AWS/,
    )
  })

  test.each(['Basic dTpw', 'Bearer x', 'AWS AKIA:sig', 'AWS4-HMAC-SHA256 nonsense', ''])(
    'that reads "%s" is refused',
    async (authorization) => {
      expect(await refusal({ ...headers(), authorization })).toMatch(/^400 IncompleteSignature/)
    },
  )

  test('that leaves the host unsigned is refused', async () => {
    const sent = headers()
    const authorization = (sent['authorization'] ?? '').replace(
      'content-type;host;',
      'content-type;',
    )
    expect(await refusal({ ...sent, authorization })).toContain(
      "must be a 'SignedHeader' in the AWS Authorization.",
    )
  })

  test('that leaves an x-amz header unsigned is refused, unless switched', async () => {
    const sent = { ...headers(), 'x-amz-extra': '1' }
    expect(await refusal(sent)).toMatch(/^403 SignatureDoesNotMatch: 'x-amz-extra' must be/)
    await using lax = await startSandbox({
      now: () => NOW,
      switches: { requireSignedAmzHeaders: false },
    })
    const own = signedHeaders(
      { method: 'POST', host: new URL(lax.url).host, body: WHO, headers: TYPE },
      choices(),
    )
    const answer = await raw(lax.url, { headers: { ...own, 'x-amz-extra': '1' }, body: WHO })
    expect(answer.status).toBe(200)
  })
})
