import { describe, expect, onTestFinished, test } from 'vitest'
import { composeAccounts } from '../../src/compose/accounts.ts'
import {
  composeDirectories,
  directoryChecks,
  directoryNews,
} from '../../src/compose/directories.ts'
import type { Identity } from '../../src/identity/identity.ts'
import { openState } from '../../src/state/open-state.ts'
import { createReadiness } from '../../src/web/health.ts'
import { base as configuration, load } from '../config/configuration.ts'
import {
  base,
  type FakeEntry,
  guids,
  windowsDomain,
  windowsPerson,
} from '../identity/directory/fake-entries.ts'
import { ca, fakeLdapServer, type FakeLdapOptions } from '../identity/directory/fake-ldap-server.ts'
import { heldEffects } from '../support/held-effects.ts'
import { matching } from '../support/matching.ts'

const now = new Date('2026-11-20T10:00:00Z')
const [local] = configuration.signIn
const files = { password: 'service\n', secret: 'the-secret-between-proxy-and-postern\n' }
const card = {
  id: 'card',
  type: 'client-certificate',
  people: 'staff',
  directory: 'ad',
  authorities: [{ name: 'corp', files: ['corp-ca.pem'], sources: [{ type: 'upn' }] }],
  revocation: { lists: [{ file: 'corp-ca.crl' }] },
  proxy: { format: 'nginx', addresses: ['10.0.0.5'], secret: '${file:secret}' },
}
const ticket = { id: 'ticket', type: 'kerberos', people: 'staff', directory: 'ad' }

function windows(urls: readonly string[], id = 'ad'): object {
  const bind = { as: 'service-account', name: 'svc@corp.example', password: '${file:password}' }
  const place = { baseDn: base, realm: 'corp.example', groups: { as: 'sid' } }
  return {
    id,
    type: 'active-directory',
    people: 'staff',
    urls,
    ca: ca.certificatePem,
    bind,
    ...place,
  }
}

/** What a configuration with these methods makes of directories. */
function composed(...methods: readonly object[]) {
  const config = load({ ...configuration, signIn: methods, grants: [] }, { files })
  const effects = heldEffects(now)
  const state = openState('sqlite::memory:', effects)
  onTestFinished(() => state.close())
  const directories = composeDirectories(config, { attempts: state.attempts, effects })
  return {
    directories,
    readiness: createReadiness(directoryChecks(config, directories), effects.now),
    accounts: composeAccounts(config, directories, effects.now),
  }
}

async function served(attributes: FakeEntry['attributes'] = {}, options: FakeLdapOptions = {}) {
  const entries = [windowsPerson('alice', attributes), ...windowsDomain()]
  return (await fakeLdapServer({ entries, ...options })).url
}

describe('readiness', () => {
  const down = ['ldaps://localhost:9']

  test('says that a directory works, and metrics do', async () => {
    const { readiness, directories } = composed(windows([await served()]))
    expect(directoryNews(directories)).toEqual([])
    expect(await readiness()).toEqual([{ name: 'directory ad', vital: true, fault: undefined }])
    expect(directoryNews(directories)).toEqual([
      { method: 'ad', works: true, lastAnswer: now.getTime() },
    ])
  })

  test('says why it does not, and turns traffic away where nobody gets in without it', async () => {
    const { readiness, directories } = composed(windows(down), card, ticket)
    expect(await readiness()).toMatchObject([
      { name: 'directory ad', vital: true, fault: matching(/localhost:9.*ECONNREFUSED.*never/) },
    ])
    expect(directoryNews(directories)).toEqual([
      { method: 'ad', works: false, lastAnswer: undefined },
    ])
  })

  test('goes on where there is another way in', async () => {
    for (const other of [local ?? {}, windows([await served()], 'other')]) {
      const [first] = await composed(windows(down), other).readiness()
      expect(first).toMatchObject({ vital: false, fault: matching(/ECONNREFUSED/) })
    }
  })
})

describe('the account of somebody who signed in an hour ago', () => {
  const identity = (method: string): Identity => ({
    person: { people: 'staff', id: guids.alice },
    name: 'alice',
    displayName: undefined,
    email: undefined,
    method,
    methodLabel: method,
    groups: [],
    attributes: {},
    authenticatedAt: now.getTime() - 3_600_000,
    breakGlass: false,
  })

  test.each(['ad', 'card', 'ticket'])('is looked at again by %s', async (method) => {
    const disabled = await served({ userAccountControl: ['514'] })
    const { accounts } = composed(windows([disabled]), card, ticket)
    await expect(accounts.current(identity(method))).rejects.toMatchObject({
      detail: matching(/directory_disabled/),
    })
  })

  test('may have an expired password where a certificate stood for it', async () => {
    const expired = await served({ 'msDS-User-Account-Control-Computed': ['8388608'] })
    const { accounts } = composed(windows([expired]), card, ticket)
    expect((await accounts.current(identity('card'))).groups).toHaveLength(2)
    for (const method of ['ad', 'ticket']) {
      await expect(accounts.current(identity(method))).rejects.toMatchObject({
        detail: matching(/directory_password_expired/),
      })
    }
  })

  test('counts as it was where no directory knows it', async () => {
    const { directory, ...alone } = card
    const { accounts } = composed(alone, windows(['ldaps://localhost:9']))
    const certified = identity('card')
    expect(directory).toBe('ad')
    expect(await accounts.current(certified)).toBe(certified)
  })

  test('is looked for among the local users where it is one of those', async () => {
    const { accounts } = composed(local ?? {}, windows(['ldaps://localhost:9']))
    const bob = { ...identity('local'), person: { people: 'staff', id: 'bob' } }
    expect(await accounts.current(bob)).toEqual(bob)
    await expect(accounts.current(identity('local'))).rejects.toThrow('Your local account was')
  })
})
