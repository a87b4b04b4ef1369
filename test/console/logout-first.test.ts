import { expect, test } from 'vitest'
import { logoutFirstUrl } from '../../src/console/logout-first.ts'

test('a log-out goes first on the one host that leads back, and the sign-in follows on it', () => {
  const signIn = 'https://signin.aws.amazon.com/federation?Action=login&SigninToken=a%2Bb'
  const url = new URL(logoutFirstUrl(signIn) ?? '')
  expect(url.origin + url.pathname).toBe('https://us-east-1.signin.aws.amazon.com/oauth')
  expect(Object.fromEntries(url.searchParams)).toEqual({
    Action: 'logout',
    redirect_uri:
      'https://us-east-1.signin.aws.amazon.com/federation?Action=login&SigninToken=a%2Bb',
  })
})

test.each([
  'https://eu-west-1.signin.aws.amazon.com/federation?Action=login',
  'https://signin.amazonaws-us-gov.com/federation?Action=login',
  'https://signin.amazonaws.cn/federation?Action=login',
  'http://localhost:3001/federation?Action=login',
  'https://signin.aws.amazon.com.evil.example/federation',
])('there is none for %s', (signIn) => {
  expect(logoutFirstUrl(signIn)).toBeUndefined()
})
