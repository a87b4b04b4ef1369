import { describe, expect, test } from 'vitest'
import { guids, windowsPerson, windowsDomain } from './fake-entries.ts'
import { refusalOf, served } from './served-directory.ts'

describe('looking somebody up', () => {
  test.each([
    ['ID', { by: 'id', id: guids.alice }],
    ['SID', { by: 'sid', sid: 'S-1-5-21-1-2-3-1104' }],
    ['name', { by: 'name', account: 'alice', principal: 'alice@corp.example' }],
    ['mail', { by: 'mail', mail: 'alice@corp.example' }],
  ] as const)('by %s', async (_, key) => {
    const person = windowsPerson('alice', { mail: ['alice@corp.example'] })
    const { server, directory } = await served({ entries: [person, ...windowsDomain()] })
    const found = await directory.lookUp(key, { proof: 'ticket' })
    expect(found).toMatchObject({ id: guids.alice, account: 'alice', sid: 'S-1-5-21-1-2-3-1104' })
    expect(server.binds).toHaveLength(1)
  })

  test('checks the account: a ticket outlives it', async () => {
    const person = windowsPerson('alice', { userAccountControl: ['514'] })
    const { directory } = await served({ entries: [person, ...windowsDomain()] })
    const looking = directory.lookUp({ by: 'id', id: guids.alice }, { proof: 'ticket' })
    expect((await refusalOf(looking)).refusal).toBe('directory_disabled')
  })

  test('an expired password spoils a ticket, and no certificate', async () => {
    const expired = { 'msDS-User-Account-Control-Computed': ['8388608'] }
    const { directory } = await served({
      entries: [windowsPerson('alice', expired), ...windowsDomain()],
    })
    const key = { by: 'id', id: guids.alice } as const
    const ticket = await refusalOf(directory.lookUp(key, { proof: 'ticket' }))
    expect(ticket.refusal).toBe('directory_password_expired')
    expect((await directory.lookUp(key, { proof: 'certificate' })).account).toBe('alice')
  })

  test('finds computers only where they are wanted', async () => {
    const more = { objectCategory: ['computer'], objectClass: ['user', 'computer'] }
    const { directory } = await served({
      entries: [windowsPerson('ws1$', more), ...windowsDomain()],
    })
    const key = { by: 'name', account: 'ws1$', principal: undefined } as const
    const refusal = await refusalOf(directory.lookUp(key, { proof: 'ticket' }))
    expect(refusal.refusal).toBe('directory_no_such_person')
    const found = await directory.lookUp(key, { proof: 'ticket', machines: true })
    expect(found.account).toBe('ws1$')
  })

  test.each([
    { by: 'id', id: 'alice' },
    { by: 'sid', sid: 'S-1-5-*' },
    { by: 'name', account: undefined, principal: undefined },
  ] as const)('refuses a key that is none: %o', async (key) => {
    const { directory } = await served()
    const refusal = await refusalOf(directory.lookUp(key, { proof: 'ticket' }))
    expect(refusal.refusal).toBe('directory_name_form')
  })
})
