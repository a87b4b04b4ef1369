import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'
import { form, raw, wire, xmlField, type RawAnswer } from './raw-http.ts'
import { amzDate, signedHeaders } from './signer.ts'

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'
const TYPE = 'application/x-www-form-urlencoded; charset=utf-8'
const NOW = new Date('2026-03-01T12:00:00.789Z')
const ASSUME = {
  Action: 'AssumeRole',
  Version: '2011-06-15',
  RoleArn: 'arn:aws:iam::111111111111:role/ReadOnly',
  RoleSessionName: 'bob',
}

let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox({ now: () => NOW })
})
afterAll(() => aws.close())

async function post(body: string, type = TYPE): Promise<RawAnswer> {
  const { host } = new URL(aws.url)
  const choices = { ...DEMO_BASE_ACCESS_KEY, date: amzDate(NOW) }
  const headers = signedHeaders(
    { method: 'POST', host, body, headers: { 'content-type': type } },
    choices,
  )
  return await raw(aws.url, { headers, body })
}

function told({ status, body }: RawAnswer): string {
  return `${status} ${xmlField(body, 'Code') ?? 'none'}: ${xmlField(body, 'Message') ?? ''}`
}

describe('an answer', () => {
  test('is XML in the namespace of STS, with its request ID in body and header', async () => {
    const answer = await post(form(ASSUME))
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('text/xml')
    expect(answer.body).toMatch(`<AssumeRoleResponse xmlns="${NAMESPACE}"><AssumeRoleResult>`)
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/)
    expect(xmlField(answer.body, 'RequestId')).toBe(answer.headers['x-amzn-requestid'])
  })

  test('has an Expiration in whole seconds', async () => {
    const answer = await post(form({ ...ASSUME, DurationSeconds: '900' }))
    expect(xmlField(answer.body, 'Expiration')).toBe('2026-03-01T12:15:00Z')
  })

  test('leaves out what nobody asked for', async () => {
    const { body } = await post(form(ASSUME))
    expect(body).not.toContain('PackedPolicySize')
    expect(body).not.toContain('SourceIdentity')
    const tags = { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'b' }
    const tagged = await post(form({ ...ASSUME, ...tags, SourceIdentity: 'bob' }))
    expect(xmlField(tagged.body, 'PackedPolicySize')).toMatch(/^\d+$/)
    expect(xmlField(tagged.body, 'SourceIdentity')).toBe('bob')
  })

  test('of refusal is XML too', async () => {
    const answer = await post(form({ ...ASSUME, RoleSessionName: '<&>' }))
    expect(answer.body).toMatch(`<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type>`)
    expect(xmlField(answer.body, 'Message')).toContain("Value '<&>' at 'roleSessionName'")
    expect(xmlField(answer.body, 'RequestId')).toBe(answer.headers['x-amzn-requestid'])
  })

  test('stays well-formed when it quotes control characters', async () => {
    const { body } = await post(form({ ...ASSUME, RoleSessionName: 'a\0b\u0008c\r' }))
    expect(xmlField(body, 'Message')).toContain("Value 'a\uFFFDb\uFFFDc&#13;'")
  })

  test('uses the real names of errors', async () => {
    const answer = await post(form({ ...ASSUME, Policy: '{' }))
    expect(told(answer)).toBe(
      '400 MalformedPolicyDocument: The policy is not in the valid JSON format.',
    )
  })
})

describe('a request', () => {
  test.each([
    ['NoSuchAction', '2011-06-15'],
    ['AssumeRole', '2010-05-08'],
    ['assumerole', '2011-06-15'],
    ['constructor', '2011-06-15'],
  ])('for %s of version %s finds no operation', async (Action, Version) => {
    expect(told(await post(form({ Action, Version })))).toBe(
      `400 InvalidAction: Could not find operation ${Action} for version ${Version}`,
    )
  })

  test('without a version finds no operation', async () => {
    expect(told(await post(form({ Action: 'AssumeRole' })))).toBe(
      '400 InvalidAction: Could not find operation AssumeRole for version NO_VERSION_SPECIFIED',
    )
  })

  test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])(
    'with a body of type "%s" is missing its action',
    async (type) => {
      expect(told(await post(form(ASSUME), type))).toMatch(/^400 MissingAction/)
    },
  )

  test('may carry its parameters in the query string', async () => {
    const { host } = new URL(aws.url)
    const answer = await raw(aws.url, {
      method: 'GET',
      path: `/?${form(ASSUME)}`,
      headers: { host },
    })
    expect(told(answer)).toMatch(/^403 MissingAuthenticationToken/)
  })

  test('that repeats a parameter is refused, and nothing is issued', async () => {
    const before = aws.issued().length
    const body = `${form(ASSUME)}&RoleArn=arn%3Aaws%3Aiam%3A%3A111111111111%3Arole%2FAdmin`
    expect(told(await post(body))).toMatch(/^400 MalformedQueryString/)
    const { host } = new URL(aws.url)
    const split = await raw(aws.url, {
      path: '/?Action=GetCallerIdentity',
      headers: { host, 'content-type': TYPE },
      body: form(ASSUME),
    })
    expect(told(split)).toMatch(/^400 MalformedQueryString/)
    expect(aws.issued()).toHaveLength(before)
  })

  test.each(['%', '%zz', '%ff', '%c3%28'])('with the escape %s is refused', async (escape) => {
    expect(told(await post(`${form(ASSUME)}&ExternalId=${escape}`))).toMatch(
      /^400 MalformedQueryString/,
    )
  })

  test.each([
    ['Tags.member.2.Key', 'Tags.member.2.Value'],
    ['Tags.member.x.Key', 'Tags.member.x.Value'],
    ['Tags.member.1e3.Key', 'Tags.member.1e3.Value'],
    ['Tags.member.999999999.Key', 'Tags.member.999999999.Value'],
  ])('whose list is numbered like %s is malformed', async (key, value) => {
    expect(told(await post(form({ ...ASSUME, [key]: 'a', [value]: 'b' })))).toMatch(
      /^400 MalformedInput/,
    )
  })

  test.each(['1h', '3600.5', '', '9'.repeat(30)])('for "%s" seconds is malformed', async (text) => {
    expect(told(await post(form({ ...ASSUME, DurationSeconds: text })))).toMatch(
      /^400 MalformedInput/,
    )
  })

  test('with a tag that has no value is told so', async () => {
    expect(told(await post(form({ ...ASSUME, 'Tags.member.1.Key': 'a' })))).toContain(
      "Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null",
    )
  })

  test('without parameters is told all that is missing', async () => {
    const answer = await post(form({ Action: 'AssumeRole', Version: '2011-06-15' }))
    expect(told(answer)).toContain('2 validation errors detected: ')
  })

  test.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])('by %s is refused', async (method) => {
    expect((await raw(aws.url, { method, path: `/?${form(ASSUME)}` })).status).toBe(404)
  })

  test('for another path is refused', async () => {
    for (const path of ['/x', '//', '/%2e', '/index.html', '/_sandbox/unknown']) {
      expect((await raw(aws.url, { method: 'GET', path })).status).toBe(404)
    }
  })

  test('with more parameters than anybody needs is refused', async () => {
    const many = Array.from({ length: 1001 }, (_, i) => `p${i}=1`).join('&')
    expect(told(await post(`${form(ASSUME)}&${many}`))).toMatch(/^400 MalformedQueryString/)
  })
})

describe('a body that is too large', () => {
  const huge = 'x'.repeat(513 * 1024)

  test('is refused by its announced length', async () => {
    expect((await raw(aws.url, { headers: { 'content-type': TYPE }, body: huge })).status).toBe(413)
  })

  test('is refused when it comes in chunks, before its end', async () => {
    const head = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n`
    const chunk = `${huge.length.toString(16)}\r\n${huge}\r\n`
    expect(await wire(aws.port, head + chunk)).toMatch(/^HTTP\/1.1 413 /)
  })
})

test('a person who opens the bare address is told what this is', async () => {
  const answer = await raw(aws.url, { method: 'GET' })
  expect(answer.status).toBe(200)
  expect(answer.body).toContain('Nothing here is real')
})
