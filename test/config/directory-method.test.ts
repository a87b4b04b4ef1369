import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { issue } from '../keys/test-certificates.ts'
import { base, faultLines, faultPaths, load } from './configuration.ts'

const ca = issue({ commonName: 'Corp CA', authority: true }).certificatePem.trim()
const files = { 'directory-password': 'hunter2secret\n', 'corp-ca.pem': ca }

const account = { name: 'svc@corp.example', password: '${file:directory-password}' }
const windows = {
  id: 'corp',
  type: 'active-directory',
  urls: ['ldaps://dc1.corp.example'],
  baseDn: 'DC=corp,DC=example',
  realm: 'corp.example',
  bind: { as: 'service-account', ...account },
}
const ldap = {
  id: 'corp',
  type: 'ldap',
  urls: ['ldaps://ldap.corp.example'],
  baseDn: 'dc=corp,dc=example',
  bind: { ...account, name: 'cn=postern,dc=corp,dc=example' },
}

const withMethod = (method: object) => ({ ...base, signIn: [method], grants: [] })
const loaded = (method: object) => load(withMethod(method), { files }).signIn[0]
const faults = (method: object) => faultPaths(withMethod(method), { files })
const lines = (method: object) => faultLines(withMethod(method), { files }).join('\n')

describe('a method of Active Directory', () => {
  test('needs servers, a base, a realm and who looks people up', () => {
    expect(loaded(windows)).toMatchObject({
      label: 'Windows user name and password',
      people: 'corp',
      startTls: false,
      ca: undefined,
      bind: { kind: 'service-account', name: 'svc@corp.example' },
      netbiosDomain: undefined,
      groups: { as: 'dn', baseDn: undefined },
      attributes: [],
      recheck: 900_000,
      timeouts: { connect: 3_000, answer: 5_000 },
    })
    expect(faults({ id: 'corp', type: 'active-directory' })).toEqual([
      'signIn[0].urls',
      'signIn[0].baseDn',
      'signIn[0].bind',
      'signIn[0].realm',
    ])
  })

  test('takes several controllers, StartTLS, an authority, groups by SID and times', () => {
    const found = loaded({
      ...windows,
      urls: ['ldap://dc1.corp.example', 'ldap://dc2.corp.example:1389'],
      startTls: true,
      ca: '${file:corp-ca.pem}',
      netbiosDomain: 'CORP',
      groups: { as: 'sid' },
      attributes: ['department'],
      recheck: '1h',
      timeouts: { connect: '1s', answer: 10 },
    })
    expect(found).toMatchObject({
      ca,
      startTls: true,
      netbiosDomain: 'CORP',
      groups: { as: 'sid' },
      attributes: ['department'],
      recheck: 3_600_000,
      timeouts: { connect: 1_000, answer: 10_000 },
    })
  })

  test('can do without a service account', () => {
    expect(loaded({ ...windows, bind: { as: 'user' } })).toMatchObject({
      bind: { kind: 'as-user' },
    })
  })

  test('keeps the password out of what is printed', () => {
    expect(JSON.stringify(loaded(windows))).not.toContain('hunter2secret')
  })

  test.each([
    [{ urls: [] }, 'urls'],
    [{ urls: ['ldap://dc1.corp.example'] }, 'urls[0]'],
    [{ urls: ['ldaps://dc1.corp.example', 'https://dc2.corp.example'] }, 'urls[1]'],
    [{ urls: ['ldaps://10.0.0.1'] }, 'urls[0]'],
    [{ urls: ['ldaps://127.1'] }, 'urls[0]'],
    [{ urls: ['ldaps://dc1.corp.example/DC=corp'] }, 'urls[0]'],
    [{ startTls: true }, 'urls[0]'],
    [{ ca: 'no certificate' }, 'ca'],
    [{ baseDn: 'corp.example' }, 'baseDn'],
    [{ realm: 'corp example' }, 'realm'],
    [{ netbiosDomain: 'CORP\\' }, 'netbiosDomain'],
    [{ netbiosDomain: 'LONGERTHANFIFTEEN' }, 'netbiosDomain'],
    [{ bind: { as: 'anybody' } }, 'bind.as'],
    [{ bind: { as: 'service-account', name: 'svc' } }, 'bind.password'],
    [{ bind: { as: 'service-account', name: 'svc', password: 'hunter2' } }, 'bind.password'],
    [{ bind: { as: 'user', name: 'svc' } }, 'bind.name'],
    [{ groups: { as: 'cn' } }, 'groups.as'],
    [{ groups: { as: 'sid', baseDn: 'OU=Groups,DC=corp,DC=example' } }, 'groups.baseDn'],
    [{ attributes: ['department;binary'] }, 'attributes[0]'],
    [{ timeouts: { answer: 0 } }, 'timeouts.answer'],
    [{ users: [] }, 'users'],
  ])('is not taken with %j', (change, path) => {
    expect(faults({ ...windows, ...change })).toEqual([`signIn[0].${path}`])
  })

  test('is told all its faults at once, those of addresses too', () => {
    const change = { urls: ['ldap://dc1.corp.example'], realm: '', groups: { as: 'cn' } }
    expect([...faults({ ...windows, ...change })].sort()).toEqual([
      'signIn[0].groups.as',
      'signIn[0].realm',
      'signIn[0].urls[0]',
    ])
  })

  test('shows no password that stands in an address', () => {
    const text = lines({ ...windows, urls: ['ldaps://svc:hunter2@dc1.corp.example'] })
    expect(text).toContain('***@dc1.corp.example')
    expect(text).not.toContain('hunter2')
  })

  test('shows no password that stands where a reference belongs', () => {
    expect(lines({ ...windows, bind: { ...windows.bind, password: 'hunter2' } })).not.toContain(
      'hunter2',
    )
  })
})

describe('a method of a plain LDAP directory', () => {
  test('takes groups from memberOf unless told where groups name members', () => {
    expect(loaded(ldap)).toMatchObject({
      label: 'Company name and password',
      bind: { kind: 'service-account', name: 'cn=postern,dc=corp,dc=example' },
      groups: { from: 'member-of' },
    })
    const groups = { from: 'members', baseDn: 'ou=groups,dc=corp,dc=example' }
    expect(loaded({ ...ldap, groups })).toMatchObject({ groups })
  })

  test.each([
    [{ bind: { ...ldap.bind, name: 'postern' } }, 'bind.name'],
    [{ groups: { from: 'members' } }, 'groups.baseDn'],
    [{ groups: { from: 'somewhere' } }, 'groups.from'],
    [{ urls: ['ldap://ldap.corp.example'] }, 'urls[0]'],
    [{ realm: 'corp.example' }, 'realm'],
  ])('is not taken with %j', (change, path) => {
    expect(faults({ ...ldap, ...change })).toEqual([`signIn[0].${path}`])
  })
})

describe('the guide to directories', () => {
  const guide = readFileSync('docs/directory.md', 'utf8')
  const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) =>
    z.record(z.string(), z.unknown()).parse(parse(yaml)),
  )

  test('has methods and grants that load', () => {
    const grants = examples.find((example) => 'grants' in example)
    const methods = examples.filter((example) => 'signIn' in example)
    expect(methods).toHaveLength(2)
    for (const method of methods) {
      expect(faultLines({ ...base, ...method, ...grants }, { files })).toEqual([])
    }
  })

  test('explains every code that the trail may show', () => {
    const source = readFileSync('src/identity/directory/directory-fault.ts', 'utf8')
    const codes = [...source.matchAll(/^ {2}(directory_\w+):/gm)].map(([, code]) => code)
    const told = [...guide.matchAll(/^\| `(directory_\w+)`/gm)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(10)
    expect(told.sort()).toEqual(codes.sort())
  })
})
