import { describe, expect, test } from 'vitest'
import { SignInFailed, TooManyRequests } from '../../../src/errors.ts'
import { signInModel } from '../../../src/web/pages/sign-in-model.ts'

const methods = [
  { id: 'adfs', label: 'Corporate SSO', kind: 'saml' },
  { id: 'local', label: 'Local account', kind: 'form' },
] as const

describe('the sign-in page', () => {
  test('says nothing when somebody just comes in', () => {
    expect(signInModel({ methods })).toMatchObject({
      tried: undefined,
      userName: '',
      notice: undefined,
      retryAfterSeconds: undefined,
    })
  })

  test('gives back the name after a refusal, with the refusal’s own words', () => {
    const error = new SignInFailed('That name and password don’t match.', {
      detail: 'no such user',
    })
    const page = signInModel({ methods, tried: 'local', userName: 'bob', error })
    expect(page).toMatchObject({ tried: 'local', userName: 'bob' })
    expect(page.notice).toEqual({
      tone: 'error',
      icon: 'stop',
      text: 'That name and password don’t match.',
    })
    expect(JSON.stringify(page)).not.toContain('no such user')
  })

  test('leaves the waiting time to the view, which counts it down', () => {
    const error = new TooManyRequests('Too many tries. Wait 40 s.', 40)
    const page = signInModel({ methods, tried: 'local', error })
    expect(page.retryAfterSeconds).toBe(40)
    expect(page.notice?.text).toBe('Too many tries.')
  })

  test('keeps quiet about a method that is not offered', () => {
    expect(signInModel({ methods, tried: 'no-such-method' }).tried).toBeUndefined()
  })

  test('says that a sign-in has ended, and that somebody signed out', () => {
    expect(signInModel({ methods, ended: true }).notice?.text).toContain('has ended')
    const nowhere = { there: undefined, provider: undefined }
    expect(signInModel({ methods, signedOut: nowhere }).notice?.text).toContain('signed out')
  })

  test('says honestly whether somebody is signed out at the provider too', () => {
    const textOf = (there: boolean) =>
      signInModel({ methods, signedOut: { there, provider: 'Corp' } }).notice?.text
    expect(textOf(true)).toContain('signed out of Postern and of Corp.')
    expect(textOf(false)).toContain('but not of Corp')
  })
})
