import { describe, expect, test } from 'vitest'
import { checkSignInUrl } from '../../../src/cli/broker/sign-in-url.ts'
import { readOnly } from '../../support/fake-broker.ts'

const broker = 'https://postern.corp.example'
const china = 'arn:aws-cn:iam::111111111111:role/ReadOnly'

describe('a sign-in URL', () => {
  test.for([
    'javascript:alert(1)',
    'http://signin.aws.amazon.com/federation?x',
    'http://localhost:3001/federation',
    'https://localhost:3001/federation',
    'https://signin.aws.amazon.com.evil.example/federation',
    'https://evil.example/signin.aws.amazon.com',
    'https://signin.aws.amazon.com@evil.example/',
    'https://user@signin.aws.amazon.com/',
    'https://evilsignin.aws.amazon.com/',
    'https://a.b.signin.aws.amazon.com/',
    'https://signin.aws.amazon.com:8443/',
    'https://signin.aws.amazon.com./',
    'https://signin.amazonaws.cn/federation',
    'https:\\\\signin.aws.amazon.com\\federation',
    'https://signin.aws.amazon.com/\\evil',
    'https://signin.aws.amazon.com/\n--help',
    'https://signin.aws.amazon.com/\t',
    ' https://signin.aws.amazon.com/',
    'https://signin.aws.amazon.com/\u001b[31m',
    'https://ѕignin.aws.amazon.com/',
    'HTTPS://SIGNIN.AWS.AMAZON.COM/',
    'file:///etc/passwd',
    '--help',
    '',
  ])('%j is refused', (url) => {
    expect(() => checkSignInUrl(url, readOnly, broker)).toThrow('is not opened')
  })

  test.for([
    ['https://signin.aws.amazon.com/federation?Action=login', readOnly],
    ['https://us-west-2.signin.aws.amazon.com/federation?Action=login', readOnly],
    ['https://signin.amazonaws.cn/federation?Action=login', china],
  ] as const)('%j is believed', ([url, role]) => {
    expect(checkSignInUrl(url, role, broker)).toBe(url)
  })

  test('on this machine is believed of a broker on this machine alone', () => {
    const url = 'http://127.0.0.1:3001/federation'
    expect(checkSignInUrl(url, readOnly, 'http://localhost:3000')).toBe(url)
    expect(() =>
      checkSignInUrl('http://evil.example/', readOnly, 'http://localhost:3000'),
    ).toThrow()
  })
})
