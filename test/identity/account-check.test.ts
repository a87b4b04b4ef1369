import { describe, expect, test } from 'vitest'
import { SignInAgain } from '../../src/errors.ts'
import { createAccountRecheck } from '../../src/identity/account-check.ts'
import { identityOf } from '../support/broker-fakes.ts'

const alice = { ...identityOf('alice'), method: 'ad' }

describe('the check by method', () => {
  const { current } = createAccountRecheck(
    new Map([
      ['local', undefined],
      ['ad', () => Promise.reject(new Error('asked'))],
    ]),
  )

  test('leaves alone whom nobody can ask about', async () => {
    const local = { ...alice, method: 'local' }
    expect(await current(local)).toBe(local)
  })

  test('asks where somebody can', async () => {
    await expect(current(alice)).rejects.toThrow('asked')
  })

  test('trusts no method that is gone', async () => {
    await expect(current({ ...alice, method: 'old' })).rejects.toThrow(SignInAgain)
  })
})
