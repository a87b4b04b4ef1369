import { expect, test } from 'vitest'
import { examineDirectories } from '../../src/admin/doctor/directories.ts'
import { base as configuration, load } from '../config/configuration.ts'
import { base, windowsDomain } from '../identity/directory/fake-entries.ts'
import { ca, fakeLdapServer } from '../identity/directory/fake-ldap-server.ts'
import { heldEffects } from '../support/held-effects.ts'

const now = new Date('2026-11-20T10:00:00Z')

function configured(urls: readonly string[], password: string) {
  const directory = {
    id: 'ad',
    type: 'active-directory',
    people: 'staff',
    urls,
    ca: ca.certificatePem,
    baseDn: base,
    realm: 'corp.example',
    bind: { as: 'service-account', name: 'svc@corp.example', password: '${file:password}' },
  }
  const document = { ...configuration, signIn: [...configuration.signIn, directory] }
  return load(document, { files: { password } })
}

test('doctor says that a directory answers, and tries nobody’s password', async () => {
  const server = await fakeLdapServer({ entries: windowsDomain() })
  expect(await examineDirectories(configured([server.url], 'service\n'), heldEffects(now))).toEqual(
    [{ what: 'directory ad', state: 'ok', says: 'answers', fixes: [] }],
  )
})

test.each([
  ['a controller that is silent', () => 'ldaps://localhost:9', 'service\n', 'ECONNREFUSED'],
  ['a service account that is refused', undefined, 'another\n', 'service account'],
])('doctor names %s, and where to look', async (_, url, password, words) => {
  const server = await fakeLdapServer({ entries: windowsDomain() })
  const [finding] = await examineDirectories(
    configured([url?.() ?? server.url], password),
    heldEffects(now),
  )
  expect(finding?.state).toBe('failed')
  expect(finding?.says).toContain(words)
  expect(finding?.fixes.join()).toContain('docs/directory.md')
})
