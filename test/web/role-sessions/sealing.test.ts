import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { seal, unseal } from '../../../src/web/role-sessions/sealing.ts'

const secrets = {
  credentials: {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'secret/of+the=session',
    sessionToken: 'token',
    expiration: new Date('2026-11-20T10:00:00Z'),
  },
  consoleUrl: 'https://signin.aws.amazon.com/federation?SigninToken=x',
}
const owner = { person: 'staff/bob', roleSession: 'id' }
const key = randomBytes(32).toString('base64url')
const sealed = seal(secrets, key, owner, randomBytes)

test('what was sealed opens with the same key for the same owner', () => {
  expect(unseal(sealed, key, owner)).toEqual(secrets)
  const without = { ...secrets, consoleUrl: undefined }
  expect(unseal(seal(without, key, owner, randomBytes), key, owner)).toEqual(without)
})

test('opens with no other key, for no other person and as no other role session', () => {
  expect(unseal(sealed, randomBytes(32).toString('base64url'), owner)).toBeUndefined()
  expect(unseal(sealed, key, { ...owner, person: 'staff/alice' })).toBeUndefined()
  expect(unseal(sealed, key, { ...owner, roleSession: 'other' })).toBeUndefined()
  expect(unseal(sealed, key, { person: 'staff', roleSession: 'bob/id' })).toBeUndefined()
  for (const wrong of ['', 'short', randomBytes(16).toString('base64url')]) {
    expect(unseal(sealed, wrong, owner)).toBeUndefined()
  }
})

test('opens with no bit changed and no byte missing', () => {
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Uint8Array.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(unseal(changed, key, owner)).toBeUndefined()
    expect(unseal(sealed.subarray(0, at), key, owner)).toBeUndefined()
  }
})

test('shows nothing of what it holds, and is never the same twice', () => {
  const text = Buffer.from(sealed).toString('latin1')
  for (const word of ['ASIA', 'secret', 'token', 'signin']) expect(text).not.toContain(word)
  expect(Buffer.from(seal(secrets, key, owner, randomBytes)).equals(sealed)).toBe(false)
})
