import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { examineKerberos } from '../../src/admin/doctor/kerberos-key.ts'
import { loadGssapi } from '../../src/identity/kerberos/gssapi.ts'
import { base, load } from '../config/configuration.ts'
import { FakeGssapi } from '../support/kerberos/fake-kerberos.ts'

const windows = {
  ...{ id: 'corp', type: 'active-directory', people: 'staff', urls: ['ldaps://dc1.corp.example'] },
  ...{ baseDn: 'DC=corp,DC=example', realm: 'corp.example' },
  bind: { as: 'service-account', name: 'svc@corp.example', password: '${file:password}' },
}
const before = process.env['KRB5_KTNAME']
let folder: string
let keytab: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-keytab-'))
  keytab = join(folder, 'http.keytab')
  writeFileSync(keytab, '', { mode: 0o600 })
})

afterEach(() => {
  rmSync(folder, { recursive: true })
  if (before === undefined) Reflect.deleteProperty(process.env, 'KRB5_KTNAME')
  else process.env['KRB5_KTNAME'] = before
})

function configured() {
  const kerberos = { id: 'windows', type: 'kerberos', people: 'staff', directory: 'corp', keytab }
  const document = { ...base, signIn: [kerberos, windows], grants: [] }
  return load(document, { files: { password: 'hunter2secret' } })
}

function gssapi(service: string): () => Promise<FakeGssapi> {
  const fake = new FakeGssapi()
  fake.service = service
  return () => Promise.resolve(fake)
}

test('doctor says for whom tickets are taken', async () => {
  expect(await examineKerberos(configured(), gssapi('HTTP@aws.corp.example'))).toEqual({
    what: 'Kerberos key of windows',
    state: 'ok',
    says: 'takes tickets of CORP.EXAMPLE for HTTP@aws.corp.example',
    fixes: [],
  })
  expect(process.env['KRB5_KTNAME']).toBe(`FILE:${keytab}`)
})

test('doctor names the key or the package that is missing, and where it is told how to get it', async () => {
  const key = await examineKerberos(configured(), gssapi('HTTP@other.corp.example'))
  expect(key).toMatchObject({ state: 'failed' })
  expect(key?.says).toContain('no key for HTTP@aws.corp.example')
  expect(key?.fixes.join()).toContain('docs/kerberos.md')
  const missing = () => loadGssapi(() => Promise.reject(new Error('gone')))
  expect((await examineKerberos(configured(), missing))?.says).toContain('npm install')
})

test('doctor warns of a keytab that everybody can read', async () => {
  chmodSync(keytab, 0o644)
  const found = await examineKerberos(configured(), gssapi('HTTP@aws.corp.example'))
  expect(found).toMatchObject({
    state: 'warning',
    says: `everybody on this machine can read ${keytab}`,
  })
})

test('doctor says nothing where no method takes tickets', async () => {
  expect(await examineKerberos(load(base), gssapi('x'))).toBeUndefined()
})
