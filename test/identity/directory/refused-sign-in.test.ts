import { describe, expect, test } from 'vitest'
import { base, guids, windowsPerson, windowsDomain } from './fake-entries.ts'
import { fakeLdapServer } from './fake-ldap-server.ts'
import { windowsMessage } from './ldap-wire.ts'
import { alice, refusalOf, served } from './served-directory.ts'

describe('who is refused', () => {
  test.each([
    ['525', 'directory_password'],
    ['52e', 'directory_password'],
    ['530', 'directory_bind'],
    ['531', 'directory_bind'],
    ['532', 'directory_password_expired'],
    ['533', 'directory_disabled'],
    ['701', 'directory_expired'],
    ['773', 'directory_password_expired'],
    ['775', 'directory_locked'],
    ['999', 'directory_password'],
  ])('a bind that is refused with %s is %s in the log alone', async (subCode, code) => {
    const { directory } = await served({
      bind: (name) =>
        name === alice.dn ? { code: 49, message: windowsMessage(subCode) } : undefined,
    })
    const refusal = await refusalOf(directory.verify({ name: 'alice', password: 'right' }))
    expect(refusal.refusal).toBe(code)
    expect(refusal.detail).toContain(`data ${subCode}`)
    expect(refusal.account).toBe('alice')
    expect(refusal.message).toBe('That name and password don’t match.')
  })

  test.each([
    ['a disabled account', { userAccountControl: ['514'] }, 'directory_disabled'],
    ['a locked one', { 'msDS-User-Account-Control-Computed': ['16'] }, 'directory_locked'],
    [
      'an expired password',
      { 'msDS-User-Account-Control-Computed': ['8388608'] },
      'directory_password_expired',
    ],
    ['an expired account', { accountExpires: ['133000000000000000'] }, 'directory_expired'],
    ['a state that can’t be read', { 'msDS-User-Account-Control-Computed': [] }, 'directory_state'],
    ['a state of nonsense', { userAccountControl: ['enabled'] }, 'directory_state'],
    ['no tokenGroups', { tokenGroups: [] }, 'directory_groups'],
    ['a broken tokenGroups', { tokenGroups: [Buffer.from([1, 9])] }, 'directory_groups'],
    ['two values of sAMAccountName', { sAMAccountName: ['alice', 'b'] }, 'directory_entry'],
    ['no objectGUID', { objectGUID: [] }, 'directory_entry'],
    ['an objectGUID of 15 bytes', { objectGUID: [Buffer.alloc(15, 200)] }, 'directory_entry'],
  ])('%s, although the password is right', async (_, attributes, code) => {
    const { directory } = await served({
      entries: [windowsPerson('alice', attributes), ...windowsDomain()],
    })
    const refusal = await refusalOf(directory.verify({ name: 'alice', password: 'right' }))
    expect(refusal.refusal).toBe(code)
  })

  test.each(['*', 'al*', 'alice)(|(objectClass=*', '(alice', '\\2a', '*)(uid=*))(|(uid=*'])(
    'nobody is found for %s',
    async (name) => {
      const { server, directory } = await served({}, { netbiosDomain: '' })
      const refusal = await refusalOf(directory.verify({ name, password: 'right' }))
      expect(refusal.refusal).toBe('directory_no_such_person')
      expect(server.binds.some((bind) => bind.name === alice.dn)).toBe(false)
    },
  )

  test('a name that two entries have', async () => {
    const more = { userPrincipalName: ['alice@corp.example'] }
    const spoof = windowsPerson('mallory', more, guids.other)
    const { server, directory } = await served({ entries: [alice, spoof, ...windowsDomain()] })
    const typed = { name: 'alice@corp.example', password: 'right' }
    const refusal = await refusalOf(directory.verify(typed))
    expect(refusal.refusal).toBe('directory_ambiguous')
    expect(server.binds.map(({ name }) => name)).not.toContain(alice.dn)
  })

  test('a name that only a referral leads to, which is not followed', async () => {
    const elsewhere = await fakeLdapServer({ entries: [windowsPerson('eve'), ...windowsDomain()] })
    const { directory } = await served({ referrals: [`${elsewhere.url}/${base}`] })
    const refusal = await refusalOf(directory.verify({ name: 'eve', password: 'right' }))
    expect(refusal.refusal).toBe('directory_no_such_person')
    await directory.verify({ name: 'alice', password: 'right' })
    expect(elsewhere.accepted).toBe(0)
  })

  test('a name of another domain', async () => {
    const { server, directory } = await served()
    for (const name of ['OTHER\\alice', '\\alice', 'CORP\\', 'CORP\\a\\b', '@corp.example', 'a@']) {
      const refusal = await refusalOf(directory.verify({ name, password: 'right' }))
      expect(refusal.refusal).toBe('directory_name_form')
    }
    expect(server.accepted).toBe(0)
  })

  test('an entry that has become somebody else’s between search and reading', async () => {
    let reads = 0
    const other = windowsPerson('alice', {}, guids.other)
    const entries = [alice, ...windowsDomain()]
    const { directory } = await served({
      entries,
      search: ({ scope, baseDN }) => {
        if (scope === 'base' && baseDN === alice.dn && (reads += 1) === 1) entries[0] = other
        return undefined
      },
    })
    const refusal = await refusalOf(directory.verify({ name: 'alice', password: 'right' }))
    expect(refusal.refusal).toBe('directory_entry')
  })

  test('everybody with the same words', async () => {
    const entries = [alice, windowsPerson('gone', { userAccountControl: ['514'] }, guids.other)]
    const { directory } = await served({ entries: [...entries, ...windowsDomain()] })
    const tries = [
      { name: 'alice', password: 'wrong' },
      { name: 'nobody', password: 'right' },
      { name: 'gone', password: 'right' },
      { name: 'alice', password: '' },
      { name: 'OTHER\\alice', password: 'right' },
    ]
    const refusals = await Promise.all(tries.map((typed) => refusalOf(directory.verify(typed))))
    expect(
      new Set(refusals.map(({ message, code, status }) => [message, code, status].join())),
    ).toHaveLength(1)
    expect(new Set(refusals.map(({ detail }) => detail))).toHaveLength(5)
  })

  test('an unknown name after as many requests as a known one, with a password of Postern’s own', async () => {
    const { server, directory } = await served()
    const requests = async (name: string): Promise<number[]> => {
      const [binds, searches] = [server.binds.length, server.searches.length]
      await refusalOf(directory.verify({ name, password: 'typed' }))
      return [server.binds.length - binds, server.searches.length - searches]
    }
    // The first one reads the policy of the domain too.
    await requests('alice')
    const known = await requests('alice')
    expect(known).toEqual([2, 2])
    expect(await requests('nobody')).toEqual(known)
    expect(server.binds.filter(({ password }) => password === 'typed')).toHaveLength(2)
  })
})
