import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acceptToken, type AcceptTokenParts } from '../../src/identity/kerberos/accept-token.ts'
import { loadGssapi } from '../../src/identity/kerberos/gssapi.ts'
import {
  createKerberosSignIn,
  type KerberosSettings,
  type KerberosSignIn,
} from '../../src/identity/kerberos/kerberos-sign-in.ts'
import { readNegotiateToken } from '../../src/identity/kerberos/negotiate-token.ts'
import type { State } from '../../src/state/open-state.ts'
import { matching } from '../support/matching.ts'
import { sambaSignIn } from './samba/directory-settings.ts'
import { importFrom, kerberosFolder } from './samba/kerberos-package.ts'
import { memoryState } from './samba/memory-state.ts'
import { requirePrograms } from './samba/require-programs.ts'
import { domain, requireSamba, type SambaDirectory, startSamba } from './samba/samba-directory.ts'
import { logOn, tokenOf } from './samba/tickets.ts'

const run = promisify(execFile)
const runs =
  requireSamba() &&
  requirePrograms({
    '/usr/bin/kinit': 'krb5-user',
    '/usr/bin/krb5-config': 'libkrb5-dev',
    '/usr/bin/g++': 'g++',
    '/usr/bin/make': 'make',
  })
const service = 'HTTP@web.corp.example.test'
const kept = ['KRB5_CONFIG', 'KRB5_KTNAME', 'KRB5RCACHENAME'].map(
  (name) => [name, process.env[name]] as const,
)
let samba: SambaDirectory
let folder: string
let state: State & AsyncDisposable

beforeAll(async () => {
  if (!runs) return
  folder = await kerberosFolder()
  samba = await startSamba()
  state = memoryState()
  // Read by libkrb5 itself.
  process.env['KRB5_CONFIG'] = samba.krb5Config
  process.env['KRB5_KTNAME'] = samba.keytab
  process.env['KRB5RCACHENAME'] = `file2:${samba.folder}/replays`
}, 480_000)

afterAll(async () => {
  if (!runs) return
  for (const [name, value] of kept) {
    if (value === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = value
  }
  await state[Symbol.asyncDispose]()
  await samba[Symbol.asyncDispose]()
}, 60_000)

const settings: KerberosSettings = {
  id: 'kerberos',
  label: 'Windows session',
  people: 'staff',
  service,
  realm: domain.realm,
}

function kerberos(changed: Partial<KerberosSettings> = {}): KerberosSignIn {
  return createKerberosSignIn({
    settings: { ...settings, ...changed },
    directory: sambaSignIn(samba),
    claims: state.claims,
    effects: { now: () => new Date() },
    load: () => loadGssapi(importFrom(folder)),
  })
}

describe('a real ticket', () => {
  test.each(['spnego', 'krb5'])(
    'signs bob in (%s), and Postern proves itself',
    async (mechanism) => {
      logOn(samba, 'bob')
      const token = await tokenOf(samba, 'bob', service, mechanism)
      const { identity, mutualToken } = await kerberos().verify(`Negotiate ${token}`)
      const typed = await sambaSignIn(samba).verify({ name: 'bob', password: domain.password })
      expect(identity.person).toEqual(typed.person)
      expect(identity.groups).toEqual(typed.groups)
      expect(mutualToken).toMatch(/^[\w+/]+=*$/)
    },
  )

  test.each([
    ['alice', []],
    ['alice.anders', []],
    ['alice.anders@corp.example.test', ['-E']],
  ])('for %s is alice’s', async (name, options) => {
    logOn(samba, name, ...options)
    const { identity } = await kerberos().verify(`Negotiate ${await tokenOf(samba, name, service)}`)
    expect(identity.name).toBe('alice')
  })

  test('is refused the second time, by Kerberos and by Postern', async () => {
    logOn(samba, 'bob')
    const token = `Negotiate ${await tokenOf(samba, 'bob', service)}`
    const read = readNegotiateToken(token)
    const gssapi = await loadGssapi(importFrom(folder))
    const always = { claim: () => Promise.resolve(true), deleteExpired: () => Promise.resolve(0) }
    const parts: AcceptTokenParts = {
      ...{ gssapi, service, realm: domain.realm, method: 'kerberos' },
      now: () => new Date(),
      claims: always,
    }
    expect((await acceptToken(read, parts)).principal.name).toBe('bob')
    await expect(acceptToken(read, parts)).rejects.toMatchObject({
      refusal: 'kerberos_ticket',
      detail: matching(/replay/i),
    })
    // As on another machine, whose Kerberos hasn't seen it.
    process.env['KRB5RCACHENAME'] = 'none:'
    try {
      expect((await acceptToken(read, parts)).principal.name).toBe('bob')
      await kerberos().verify(token)
      await expect(kerberos().verify(token)).rejects.toMatchObject({ refusal: 'kerberos_replay' })
    } finally {
      process.env['KRB5RCACHENAME'] = `file2:${samba.folder}/replays`
    }
  })

  test('of another realm is refused', async () => {
    logOn(samba, 'bob')
    for (const realm of ['OTHER.EXAMPLE.TEST', 'corp.example.test', 'EXAMPLE.TEST']) {
      const verified = kerberos({ realm }).verify(
        `Negotiate ${await tokenOf(samba, 'bob', service)}`,
      )
      await expect(verified).rejects.toMatchObject({ refusal: 'kerberos_realm' })
    }
  })

  test('with a name that means two people is refused', async () => {
    logOn(samba, 'carol')
    const verified = kerberos().verify(`Negotiate ${await tokenOf(samba, 'carol', service)}`)
    await expect(verified).rejects.toMatchObject({
      refusal: 'kerberos_directory',
      detail: matching(/directory_ambiguous/),
    })
  })

  test('outlives its account, and is refused', async () => {
    logOn(samba, 'leaver')
    expect(
      (await kerberos().verify(`Negotiate ${await tokenOf(samba, 'leaver', service)}`)).identity
        .name,
    ).toBe('leaver')
    const config = `--configfile=${samba.folder}/etc/smb.conf`
    await run('samba-tool', ['user', 'disable', 'leaver', config])
    const verified = kerberos().verify(`Negotiate ${await tokenOf(samba, 'leaver', service)}`)
    await expect(verified).rejects.toMatchObject({
      refusal: 'kerberos_directory',
      detail: matching(/directory_disabled/),
    })
  })

  test('for another service is refused', async () => {
    logOn(samba, 'bob')
    const verified = kerberos({ service: 'HTTP@other.corp.example.test' }).verify(
      `Negotiate ${await tokenOf(samba, 'bob', service)}`,
    )
    await expect(verified).rejects.toMatchObject({
      status: 503,
      detail: matching(/no key for/),
    })
  })

  test('that was tampered with is refused', async () => {
    logOn(samba, 'bob')
    const token = Buffer.from(await tokenOf(samba, 'bob', service), 'base64')
    const last = token.length - 8
    token[last] = (token[last] ?? 0) ^ 0xff
    const verified = kerberos().verify(`Negotiate ${token.toString('base64')}`)
    await expect(verified).rejects.toMatchObject({ refusal: 'kerberos_ticket' })
  })
})

test('NTLM is refused', async () => {
  const ntlm = 'TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAGFKAAAADw=='
  for (const header of [`NTLM ${ntlm}`, `Negotiate ${ntlm}`]) {
    await expect(kerberos().verify(header)).rejects.toMatchObject({ refusal: 'kerberos_ntlm' })
  }
})
