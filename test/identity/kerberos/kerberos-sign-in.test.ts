import { describe, expect, test } from 'vitest'
import type { ClaimStore } from '../../../src/identity/claim-store.ts'
import { DirectoryRefusal } from '../../../src/identity/directory/directory-fault.ts'
import type { PersonKey } from '../../../src/identity/directory/person-key.ts'
import { type GssServer, loadGssapi } from '../../../src/identity/kerberos/gssapi.ts'
import {
  createKerberosSignIn,
  type KerberosParts,
} from '../../../src/identity/kerberos/kerberos-sign-in.ts'
import { matching } from '../../support/matching.ts'
import { apReqToken, mechanisms, negotiate, negTokenInit, ntlmNegotiate } from './tokens.ts'

const now = new Date('2026-11-20T10:00:00Z')
const settings = {
  id: 'kerberos',
  label: 'Windows session',
  people: 'staff',
  service: 'HTTP@postern.corp.example',
  realm: 'CORP.EXAMPLE',
}
const person = {
  dn: 'CN=alice,DC=corp,DC=example',
  id: '00112233-4455-6677-8899-aabbccddeeff',
  account: 'alice',
  sid: 'S-1-5-21-1-2-3-1104',
  displayName: 'Alice Anders',
  email: undefined,
  groups: ['S-1-5-21-1-2-3-513'],
  attributes: {},
}

/** GSSAPI that finds every token good. */
function fakeGssapi(result: Partial<GssServer> = {}) {
  const services: string[] = []
  const tokens: string[] = []
  return {
    services,
    tokens,
    initializeServer(service: string): Promise<GssServer> {
      services.push(service)
      return Promise.resolve({
        username: 'alice@CORP.EXAMPLE',
        response: 'bXV0dWFs',
        contextComplete: true,
        step(token) {
          tokens.push(token)
          return Promise.resolve(null)
        },
        ...result,
      })
    },
  }
}

function claimsOnce(): ClaimStore & { readonly made: [string, string, number][] } {
  const made: [string, string, number][] = []
  return {
    made,
    claim(scope, id, expiresAt) {
      const fresh = !made.some(([one, other]) => one === scope && other === id)
      made.push([scope, id, expiresAt])
      return Promise.resolve(fresh)
    },
    deleteExpired: () => Promise.resolve(0),
  }
}

function signIn(parts: Partial<KerberosParts> = {}, result: Partial<GssServer> = {}) {
  const gssapi = fakeGssapi(result)
  const claims = claimsOnce()
  const asked: { key: PersonKey; options: object }[] = []
  const kerberos = createKerberosSignIn({
    settings,
    claims,
    effects: { now: () => now },
    load: () => Promise.resolve(gssapi),
    directory: {
      lookUp(key, options) {
        asked.push({ key, options })
        return Promise.resolve(person)
      },
    },
    ...parts,
  })
  return { kerberos, gssapi, claims, asked }
}

const header = negotiate(negTokenInit([mechanisms.krb5], apReqToken()))

describe('a sign-in by ticket', () => {
  test('is whom the directory has under that name, and proves Postern in return', async () => {
    const { kerberos, gssapi, asked } = signIn()
    expect(await kerberos.verify(header)).toEqual({
      identity: {
        person: { people: 'staff', id: person.id },
        name: 'alice',
        displayName: 'Alice Anders',
        email: undefined,
        method: 'kerberos',
        methodLabel: 'Windows session',
        groups: person.groups,
        attributes: {},
        authenticatedAt: now.getTime(),
        breakGlass: false,
      },
      mutualToken: 'bXV0dWFs',
    })
    expect(gssapi.services).toEqual(['HTTP@postern.corp.example'])
    expect(asked).toEqual([
      {
        key: { by: 'name', account: 'alice', principal: 'alice@CORP.EXAMPLE' },
        options: { proof: 'ticket', machines: false },
      },
    ])
  })

  test.each([
    ['alice.anders\\@corp.example@CORP.EXAMPLE', 'alice.anders', 'alice.anders@corp.example'],
    ['alice\\@partner.example@CORP.EXAMPLE', undefined, 'alice@partner.example'],
  ])('by the long name %s looks for both names', async (username, account, principal) => {
    const { kerberos, asked } = signIn({}, { username })
    await kerberos.verify(header)
    expect(asked[0]?.key).toEqual({ by: 'name', account, principal })
  })

  test('takes computers only where they are wanted', async () => {
    const { kerberos, asked } = signIn()
    await kerberos.verify(header, { machines: true })
    expect(asked[0]?.options).toEqual({ proof: 'ticket', machines: true })
  })

  test('has no proof for a client that wants none', async () => {
    const { kerberos } = signIn({}, { response: null })
    expect((await kerberos.verify(header)).mutualToken).toBeUndefined()
  })
})

describe('a ticket is refused', () => {
  test.each([
    ['of another realm', { username: 'alice@EVIL.EXAMPLE' }, 'kerberos_realm'],
    ['of the realm in other letters', { username: 'alice@corp.example' }, 'kerberos_realm'],
    ['of a realm below', { username: 'alice@SUB.CORP.EXAMPLE' }, 'kerberos_realm'],
    ['of a service', { username: 'HTTP/web@CORP.EXAMPLE' }, 'kerberos_name'],
    ['without a name', { username: null }, 'kerberos_name'],
    ['that needs a second token', { contextComplete: false }, 'kerberos_incomplete'],
    [
      'that GSSAPI refuses',
      { step: () => Promise.reject(new Error('Request is a replay')) },
      'kerberos_ticket',
    ],
  ])('%s', async (_, result, refusal) => {
    const { kerberos, asked, claims } = signIn({}, result)
    await expect(kerberos.verify(header)).rejects.toMatchObject({
      refusal,
      message: 'Your computer did not sign you in. Sign in another way.',
      status: 401,
    })
    expect(asked).toEqual([])
    expect(claims.made).toEqual([])
  })

  test('the second time, whatever is wrapped around it', async () => {
    const { kerberos, claims } = signIn()
    await kerberos.verify(header)
    const again = [
      header,
      negotiate(apReqToken()),
      negotiate(negTokenInit([mechanisms.msKrb5, mechanisms.krb5], apReqToken())),
    ]
    for (const token of again) {
      await expect(kerberos.verify(token)).rejects.toMatchObject({ refusal: 'kerberos_replay' })
    }
    await kerberos.verify(negotiate(apReqToken('decaf0')))
    expect(claims.made[0]?.[0]).toBe('kerberos:kerberos')
    expect(claims.made[0]?.[2]).toBe(now.getTime() + 900_000)
  })

  test('of twenty at once, but one', async () => {
    const { kerberos } = signIn()
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => kerberos.verify(header)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('before GSSAPI sees it, when it is NTLM', async () => {
    const { kerberos, gssapi } = signIn()
    const verified = kerberos.verify(negotiate(ntlmNegotiate))
    await expect(verified).rejects.toMatchObject({ refusal: 'kerberos_ntlm' })
    expect(gssapi.tokens).toEqual([])
  })

  test('when the directory does not admit whom it names, with its reason in the log', async () => {
    const refused = new DirectoryRefusal('directory_disabled', undefined, 'alice')
    const { kerberos } = signIn({ directory: { lookUp: () => Promise.reject(refused) } })
    await expect(kerberos.verify(header)).rejects.toMatchObject({
      refusal: 'kerberos_directory',
      account: 'alice',
      detail: matching(/directory_disabled/),
      message: 'Your computer did not sign you in. Sign in another way.',
    })
  })
})

describe('the optional package', () => {
  test('is asked for in the log where it is missing, and looked for again next time', async () => {
    const found = fakeGssapi()
    let missing = true
    const { kerberos } = signIn({
      load: () =>
        loadGssapi(() =>
          missing ? Promise.reject(new Error('not found')) : Promise.resolve({ default: found }),
        ),
    })
    await expect(kerberos.verify(header)).rejects.toMatchObject({
      code: 'temporarily_unavailable',
      detail: matching(/npm install --no-save --no-strict-allow-scripts kerberos@7\.0\.0/),
    })
    missing = false
    await kerberos.verify(header)
  })

  test('of another kind is refused', async () => {
    const loaded = loadGssapi(() => Promise.resolve({ default: {} }))
    await expect(loaded).rejects.toMatchObject({ detail: matching(/another kind/) })
  })

  test('without a key says where to look', async () => {
    const load = () =>
      Promise.resolve({ initializeServer: () => Promise.reject(new Error('No key table entry')) })
    const { kerberos } = signIn({ load })
    await expect(kerberos.verify(header)).rejects.toMatchObject({
      status: 503,
      detail: matching(/HTTP@postern\.corp\.example.*KRB5_KTNAME/),
    })
  })
})
