import { describe, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { raw, xmlField } from './raw-http.ts'

// Captured from botocore: what it sent, and the signature that it made.
const DATE = '20261120T061913Z'
const SIGNATURE = '99a7b9643ed29ab15f42bb7edcb5be317d60f623128bb641fe5910dcf9072bf6'
const BODY =
  'Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fp%2FR&RoleSessionName=alice%40example.com&Tags.member.1.Key=Project&Tags.member.1.Value=A+B&TransitiveTagKeys.member.1=Project&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess&SourceIdentity=alice&ExternalId=xyz&DurationSeconds=3600&Policy=%7B%22Version%22%3A%222012-10-17%22%7D'
const KEY = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}
const world = {
  accounts: [
    {
      id: '123456789012',
      users: [{ name: 'u', userId: 'AIDAEXAMPLE0000000001', accessKeys: [KEY], policies: [] }],
    },
  ],
}

async function send(body: string, signature: string): Promise<string | undefined> {
  const now = (): Date => new Date('2026-11-20T06:20:00Z')
  await using aws = await startSandbox({ world, now })
  const answer = await raw(aws.url, {
    headers: {
      host: 'sts.eu-west-1.amazonaws.com',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-amz-date': DATE,
      authorization: `AWS4-HMAC-SHA256 Credential=${KEY.accessKeyId}/20261120/eu-west-1/sts/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=${signature}`,
    },
    body,
  })
  return xmlField(answer.body, 'Code')
}

describe("botocore's signature", () => {
  test('is accepted, so that the next check refuses the request for its policy', async () => {
    expect(Buffer.byteLength(BODY)).toBe(392)
    expect(await send(BODY, SIGNATURE)).toBe('MalformedPolicyDocument')
  })

  test.each([
    ['another duration', BODY.replace('3600', '3601'), SIGNATURE],
    ['the same fields in another order', BODY.split('&').reverse().join('&'), SIGNATURE],
    ['the same fields, a space escaped otherwise', BODY.replace('A+B', 'A%20B'), SIGNATURE],
    ['another last digit', BODY, SIGNATURE.replace(/6$/, '7')],
    ['a signature in upper case', BODY, SIGNATURE.toUpperCase()],
    ['a longer signature', BODY, `${SIGNATURE}00`],
    ['half the signature', BODY, SIGNATURE.slice(0, 32)],
  ])('does not fit %s', async (_, body, signature) => {
    expect(await send(body, signature)).toBe('SignatureDoesNotMatch')
  })
})
