import { describe, expect, test } from 'vitest'
import { redactText } from '../../src/telemetry/redact-text.ts'

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY'
const base64 = Buffer.from(secret.repeat(4)).toString('base64')

describe('free text', () => {
  test.each([
    `GET https://signin.aws.amazon.com/federation?Action=login&SigninToken=${secret}&Issuer=x failed`,
    `https://x/?SIGNINTOKEN=${encodeURIComponent(secret)}`,
    `body: Action=getSigninToken&Session={"sessionId":"ASIA","sessionKey":"${secret}"}`,
    `Session=%7B%22sessionKey%22%3A%22${encodeURIComponent(secret)}%22%7D`,
    `{"Credentials":{"SecretAccessKey":"${secret}","SessionToken":"${secret}"}}`,
    `{\\"SecretAccessKey\\":\\"${secret}\\",\\"x\\":1}`,
    `%22SecretAccessKey%22%3A%22${encodeURIComponent(secret)}%22`,
    `{ secretAccessKey: '${secret}', region: 'eu-west-1' }`,
    `{"secretAccessKey":"cut off here: ${secret}`,
    `{"password":"with \\"quotes\\" and ${secret}"}`,
    `<SecretAccessKey>${secret}</SecretAccessKey>`,
    `<ns2:SessionToken xmlns:ns2="x">${secret}</ns2:SessionToken>`,
    `export AWS_SECRET_ACCESS_KEY=${secret}`,
    `export AWS_SESSION_TOKEN="${secret}"`,
    `Authorization: AWS4-HMAC-SHA256 Credential=AKIA, Signature=${secret}`,
    `proxy-authorization: basic ${secret}\nnext: line`,
    `Set-Cookie: __Host-postern=${secret}; Path=/; HttpOnly`,
    `cookie __Host-postern-key=${secret} was sent`,
    `{"cookie":"a=${secret}; b=2","status":200}`,
    `password=${secret}`,
    `the password: ${secret}`,
    `client_secret=${secret}&x=1`,
    `x-csrf-token: ${secret}`,
    `refresh_token=${secret}`,
    `SAMLResponse=${encodeURIComponent(base64)}&RelayState=${secret}`,
    `X-Amz-Security-Token=${secret}&X-Amz-Signature=${secret}`,
    `Bearer ${base64}`,
    `Negotiate ${base64}`,
    `proxy http://user:${secret.replaceAll('/', '')}@proxy.corp.example:3128 refused`,
    `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n${base64}\n-----END RSA PRIVATE KEY-----`,
    `-----BEGIN PRIVATE KEY-----\\n${base64}`,
    `token was IQoJb3JpZ2lu${base64} there`,
    `got PHNhbWxwOlJlc3BvbnNl${base64} from the browser`,
  ])('loses the secret in %s', (text) => {
    const redacted = redactText(text)
    expect(redacted).toContain('[redacted]')
    for (const trace of [
      secret,
      encodeURIComponent(secret),
      base64,
      secret.slice(0, 12),
      'K7MDENG',
    ]) {
      expect(redacted).not.toContain(trace)
    }
  })

  test.each([
    'AssumeRole: AccessDenied: User: arn:aws:sts::111111111111:assumed-role/Hub/x is not authorized to perform: sts:TagSession',
    'role session: ReadOnly/bob, 3600 seconds',
    'https://console.aws.amazon.com/s3/home?region=eu-west-1',
    'ASIAIOSFODNN7EXAMPLE issued to bob for arn:aws:iam::111111111111:role/ReadOnly',
    'connect ECONNREFUSED 127.0.0.1:3001',
    '/var/lib/postern/postern.db: database is locked',
    '1042:6c2f0a1b9d6c2f0a1b9d6c2f0a1b9d6c2f0a1b9d6c2f0a1b9d6c2f0a1b9d6c2f',
  ])('is left alone: %s', (text) => {
    expect(redactText(text)).toBe(text)
  })

  test('loses several secrets at once, and keeps what is between them', () => {
    expect(redactText('?SigninToken=abc&Issuer=me&Session=xyz&z=1')).toBe(
      '?SigninToken=[redacted]&Issuer=me&Session=[redacted]&z=1',
    )
  })

  test('is bounded, and searched in a time that grows with its length only', () => {
    expect(redactText('x'.repeat(1_000_000)).length).toBeLessThan(17_000)
    const pieces = [
      'a:',
      '"',
      '\\',
      '://a:',
      'token:"',
      'token ',
      '"token":"\\',
      '-----BEGIN ',
      '<a token ',
    ]
    const start = performance.now()
    for (const piece of pieces) redactText(piece.repeat(20_000))
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})

test('loses a token of the command line that stands alone', () => {
  const token = `pnr_${'aZ09_-'.repeat(7)}x`
  expect(redactText(`held ${token}, and went on`)).toBe('held [redacted], and went on')
})
