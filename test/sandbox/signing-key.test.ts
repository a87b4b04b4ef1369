import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { form, raw, xmlField } from './raw-http.ts'
import { amzDate, presignedPath, type SigningChoices } from './signer.ts'
import { answerTo, choices, headersTo, NOW, told, TYPE, WHO } from './who-request.ts'

const ROLE = 'arn:aws:iam::111111111111:role/ReadOnly'

let time = NOW
let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox({ now: () => time })
})
afterAll(() => aws.close())

function host(): string {
  return new URL(aws.url).host
}

const headers = (changes: Partial<SigningChoices> = {}, body = WHO) =>
  headersTo(aws.url, changes, body)
const refusal = (sent: Record<string, string | string[]>, body = WHO) =>
  answerTo(aws.url, sent, body)

async function assumed(): Promise<{
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
}> {
  const body = form({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: ROLE,
    RoleSessionName: 'bob',
    DurationSeconds: '900',
  })
  const answer = await raw(aws.url, { headers: headers({}, body), body })
  const field = (name: string): string => xmlField(answer.body, name) ?? ''
  return {
    accessKeyId: field('AccessKeyId'),
    secretAccessKey: field('SecretAccessKey'),
    sessionToken: field('SessionToken'),
  }
}

describe('the key', () => {
  const INVALID = '403 InvalidClientTokenId: The security token included in the request is invalid.'

  test('must be there at all', async () => {
    expect(await refusal(TYPE)).toBe(
      '403 MissingAuthenticationToken: Request is missing Authentication Token',
    )
  })

  test('must be known', async () => {
    expect(await refusal(headers({ accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }))).toBe(INVALID)
  })

  test('of a session works with its token', async () => {
    const answer = await raw(aws.url, { headers: headers(await assumed()), body: WHO })
    expect(xmlField(answer.body, 'Arn')).toBe('arn:aws:sts::111111111111:assumed-role/ReadOnly/bob')
    expect(xmlField(answer.body, 'UserId')).toBe('AROAPOSTERNDEMO000001:bob')
  })

  test('of a session does not work without its token', async () => {
    expect(await refusal(headers({ ...(await assumed()), sessionToken: undefined }))).toBe(INVALID)
  })

  test("of a session does not work with another session's token", async () => {
    const { sessionToken } = await assumed()
    expect(await refusal(headers({ ...(await assumed()), sessionToken }))).toBe(INVALID)
  })

  test('of a session does not work with a token that was touched', async () => {
    const session = await assumed()
    const sessionToken = session.sessionToken.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))
    expect(await refusal(headers({ ...session, sessionToken }))).toBe(INVALID)
    const padded = `${session.sessionToken} `
    expect(await refusal(headers({ ...session, sessionToken: `${padded.trim()}-` }))).toBe(INVALID)
  })

  test("of a user does not work with a session's token", async () => {
    const { sessionToken } = await assumed()
    expect(await refusal(headers({ sessionToken }))).toBe(INVALID)
  })

  test('of a session ends with the session', async () => {
    const session = await assumed()
    time = new Date(NOW.getTime() + 900_000)
    try {
      expect(await refusal(headers({ ...session, date: amzDate(time) }))).toBe(
        '403 ExpiredToken: The security token included in the request is expired',
      )
    } finally {
      time = NOW
    }
  })
})

describe('a presigned GetCallerIdentity', () => {
  const fields = { Action: 'GetCallerIdentity', Version: '2011-06-15' }

  test('works with long-term keys and with a session', async () => {
    for (const key of [{}, await assumed()]) {
      const path = presignedPath(host(), fields, choices(key))
      expect((await raw(aws.url, { method: 'GET', path })).status).toBe(200)
    }
  })

  test('is refused when a parameter changes', async () => {
    const path = presignedPath(host(), fields, choices()).replace('Expires=60', 'Expires=600')
    const answer = await raw(aws.url, { method: 'GET', path })
    expect(told(answer)).toMatch(/^403 SignatureDoesNotMatch/)
  })

  test('lives 15 minutes whatever X-Amz-Expires says, unless switched', async () => {
    const old = choices({ date: amzDate(NOW, -10) })
    const path = presignedPath(host(), fields, old)
    expect((await raw(aws.url, { method: 'GET', path })).status).toBe(200)
    await using strict = await startSandbox({
      now: () => NOW,
      switches: { enforcePresignedExpiry: true },
    })
    const there = presignedPath(new URL(strict.url).host, fields, old)
    const answer = await raw(strict.url, { method: 'GET', path: there })
    expect(told(answer)).toMatch(/^403 SignatureDoesNotMatch: Signature expired/)
  })

  test('without its date is incomplete', async () => {
    const path = presignedPath(host(), fields, choices()).replace(/X-Amz-Date=[^&]+&/, '')
    const answer = await raw(aws.url, { method: 'GET', path })
    expect(told(answer)).toContain("must include 'X-Amz-Date'. Re-examine")
  })
})
