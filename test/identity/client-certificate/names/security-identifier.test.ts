import 'reflect-metadata'
import { expect, test } from 'vitest'
import { securityIdentifier } from '../../../../src/identity/client-certificate/names/security-identifier.ts'
import { nameIn, root, withSid } from '../name-in.ts'

test('refuses a SID that is none', async () => {
  expect(await nameIn(withSid('S-1-5-21-1-2-3-1104;admin'), { type: 'sid' })).toBe(
    'certificate_unreadable',
  )
})

test('reads no SID where there is none', async () => {
  expect(securityIdentifier((await root.issue()).parsed)).toBeUndefined()
})
