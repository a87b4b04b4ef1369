import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { issue } from '../keys/test-certificates.ts'
import { base, faultLines, faultPaths, load } from './configuration.ts'

const files = { 'directory-password': 'hunter2secret\n' }
const account = { name: 'svc@corp.example', password: '${file:directory-password}' }
const windows = {
  id: 'corp',
  type: 'active-directory',
  people: 'staff',
  urls: ['ldaps://dc1.corp.example'],
  baseDn: 'DC=corp,DC=example',
  realm: 'corp.example',
  bind: { as: 'service-account', ...account },
}
const kerberos = { id: 'windows', type: 'kerberos', people: 'staff', directory: 'corp' }

const withMethods = (...signIn: readonly object[]) => ({ ...base, signIn, grants: [] })
const loaded = (change: object) =>
  load(withMethods({ ...kerberos, ...change }, windows), { files }).signIn[0]
const faults = (...methods: readonly object[]) => faultPaths(withMethods(...methods), { files })
const lines = (...methods: readonly object[]) =>
  faultLines(withMethods(...methods), { files }).join('\n')

describe('a method of Kerberos', () => {
  test('needs a directory alone', () => {
    expect(loaded({})).toEqual({
      type: 'kerberos',
      id: 'windows',
      label: 'Windows session',
      people: 'staff',
      directory: 'corp',
      service: undefined,
      realm: undefined,
      keytab: undefined,
      automatic: false,
      machines: false,
    })
    expect(faults({ ...kerberos, directory: undefined }, windows)).toEqual(['signIn[0].directory'])
  })

  test('takes a service, a realm and a keytab beside the file', () => {
    const change = {
      service: 'HTTP/aws.corp.example',
      realm: 'CORP.EXAMPLE',
      keytab: 'keys/http.keytab',
      automatic: true,
      machines: true,
    }
    expect(loaded(change)).toMatchObject({ ...change, keytab: '/etc/postern/keys/http.keytab' })
  })

  test.each([
    [{ service: 'HTTP@aws.corp.example' }, 'service'],
    [{ service: 'host/aws.corp.example' }, 'service'],
    [{ service: 'HTTP/AWS.corp.example' }, 'service'],
    [{ service: 'HTTP/aws.corp.example@CORP.EXAMPLE' }, 'service'],
    [{ realm: 'corp.example' }, 'realm'],
    [{ realm: 'CORP/EXAMPLE' }, 'realm'],
    [{ keytab: '' }, 'keytab'],
    [{ automatic: 'sometimes' }, 'automatic'],
    [{ machines: 1 }, 'machines'],
    [{ directory: 'crop' }, 'directory'],
    [{ people: 'guests' }, 'people'],
    [{ people: undefined }, 'people'],
    [{ urls: ['ldaps://dc1.corp.example'] }, 'urls'],
  ])('is not taken with %j', (change, path) => {
    expect(faults({ ...kerberos, ...change }, windows)).toEqual([`signIn[0].${path}`])
  })

  test('is told all its faults at once', () => {
    const change = { realm: 'corp.example', directory: 'crop', keytab: '' }
    expect([...faults({ ...kerberos, ...change }, windows)].sort()).toEqual([
      'signIn[0].directory',
      'signIn[0].keytab',
      'signIn[0].realm',
    ])
    expect(lines({ ...kerberos, directory: 'crop' }, windows)).toContain('perhaps corp')
  })

  test('needs a directory that looks people up: of Windows, and with a service account', () => {
    const asUser = { ...windows, bind: { as: 'user' } }
    expect(lines(kerberos, asUser)).toContain('corp, which has no service account')
    const { realm, ...plain } = windows
    expect(realm).toBe('corp.example')
    const ldap = { ...plain, type: 'ldap', bind: { ...account, name: 'cn=svc,dc=corp' } }
    expect(faults(kerberos, ldap)).toEqual(['signIn[0].directory'])
    expect(faults({ ...kerberos, directory: 'windows' }, windows)).toEqual(['signIn[0].directory'])
  })

  test('is there once', () => {
    const found = faults(kerberos, { ...kerberos, id: 'other' }, windows)
    expect(found).toEqual(['signIn[1].type'])
  })

  test('needs a service by name where people reach Postern by an address', () => {
    const at = (publicUrl: string, change = {}) =>
      faultPaths({ ...withMethods({ ...kerberos, ...change }, windows), publicUrl }, { files })
    expect(at('https://10.0.0.7')).toEqual(['signIn[0].service'])
    expect(at('https://[2001:db8::7]')).toEqual(['signIn[0].service'])
    expect(at('https://10.0.0.7', { service: 'HTTP/aws.corp.example' })).toEqual([])
  })
})

describe('the guide to Kerberos', () => {
  const guide = readFileSync('docs/kerberos.md', 'utf8')

  test('has a configuration that loads', () => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? []
    const methods = z.record(z.string(), z.unknown()).parse(parse(yaml))
    const ca = issue({ commonName: 'Corp CA', authority: true }).certificatePem
    const all = { files: { ...files, 'corp-ca.pem': ca } }
    expect(faultLines({ ...base, ...methods, grants: [] }, all)).toEqual([])
  })

  test('explains every code that the trail may show', () => {
    const source = readFileSync('src/identity/kerberos/kerberos-refusal.ts', 'utf8')
    const codes = [...source.matchAll(/^ {2}(kerberos_\w+):/gm)].map(([, code]) => code)
    const told = [...guide.matchAll(/^\| `(kerberos_\w+)`/gm)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(5)
    expect(told.sort()).toEqual(codes.sort())
  })
})
