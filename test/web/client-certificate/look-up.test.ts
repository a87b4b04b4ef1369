import { describe, expect, test } from 'vitest'
import {
  base,
  bytesOfSid,
  windowsDomain,
  windowsGroup,
  windowsPerson,
} from '../../identity/directory/fake-entries.ts'
import {
  ca,
  fakeLdapServer,
  type FakeLdapOptions,
} from '../../identity/directory/fake-ldap-server.ts'
import { certificateLab, directMethod } from '../../support/certificates/certificate-lab.ts'
import { aroundNow, ownAuthority } from '../../support/certificates/own-authority.ts'
import { sidExtension } from '../../support/certificates/sid-extension.ts'
import type { CertificatePlan } from '../../support/certificates/test-authority.ts'
import { base as configuration } from '../../config/configuration.ts'
import { freePort } from '../../support/free-port.ts'

const guid = (n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`
const upn = (value: string): CertificatePlan => ({ names: [{ type: 'upn', value }] })
const person = (name: string, n: number, more: Parameters<typeof windowsPerson>[1] = {}) =>
  windowsPerson(name, { userPrincipalName: [`${name}@corp.example`], ...more }, guid(n))
const twin = person('twin', 5)
const entries = [
  person('alice', 1, { tokenGroups: [bytesOfSid('1110')], objectSid: [bytesOfSid('1001')] }),
  person('dora', 2, { userAccountControl: ['514'] }),
  person('petra', 3, { 'msDS-User-Account-Control-Computed': ['8388608'] }),
  person('erin', 4, { accountExpires: ['1'] }),
  twin,
  { ...person('twin', 6), dn: `CN=twin,OU=Other,${base}` },
  windowsGroup('AWS-111111111111-ReadOnly', '1110'),
  ...windowsDomain(),
]

async function company(options: FakeLdapOptions = {}, source = 'upn') {
  const directory = await fakeLdapServer({ entries, ...options })
  const authority = await ownAuthority()
  const port = await freePort()
  const lab = await certificateLab({
    files: { 'directory-password': 'service\n' },
    config: (folder) => ({
      signIn: [
        {
          ...directMethod(folder, port),
          ...authority.trusted(folder),
          authorities: [
            { name: 'own', files: [`${folder}/own-ca.pem`], sources: [{ type: source }] },
          ],
          ...{ people: 'corp', directory: 'ad' },
        },
        {
          ...{ id: 'ad', type: 'active-directory', people: 'corp', urls: [directory.url] },
          ...{ ca: ca.certificatePem, baseDn: base, realm: 'corp.example' },
          bind: {
            ...{ as: 'service-account', name: 'svc@corp.example' },
            password: '${file:directory-password}',
          },
          timeouts: { connect: 1, answer: 1 },
        },
      ],
      grants: [
        {
          people: 'corp',
          group: `CN=AWS-111111111111-ReadOnly,OU=Groups,${base}`,
          roles: configuration.roles.map(({ arn }) => arn),
        },
      ],
    }),
  })
  const at = `https://localhost:${port}`
  return {
    ...lab,
    directory,
    ask: async (plan: CertificatePlan, path = '/api/v1/me') => {
      const certificate = await authority.issue({ ...aroundNow(), ...plan })
      return lab.askAt(at, path, undefined, { certificate })
    },
  }
}

describe('a certificate that is looked up in the directory', () => {
  test('is the person of the directory, with the groups of the directory', async () => {
    const { ask, trail } = await company()
    const { text } = await ask(upn('alice@corp.example'))
    expect(JSON.parse(text)).toMatchObject({
      name: 'alice',
      people: 'corp',
      groups: [`CN=AWS-111111111111-ReadOnly,OU=Groups,${base}`],
    })
    expect(trail.at(-1)).toMatchObject({ type: 'signed-in', personId: guid(1), method: 'card' })
    expect((await ask(upn('alice@corp.example'), '/api/v1/roles')).text).toContain('ReadOnly')
  })

  test.each([
    ['nobody', 'directory_no_such_person', undefined],
    ['twin', 'directory_ambiguous', undefined],
    ['dora', 'directory_disabled', 'dora'],
    ['erin', 'directory_expired', 'erin'],
  ])('is refused for %s', async (name, detail, found) => {
    const { ask, trail } = await company()
    expect((await ask(upn(`${name}@corp.example`))).status).toBe(403)
    expect(trail.at(-1)).toMatchObject({
      code: 'certificate_person',
      detail: expect.stringContaining(detail) as string,
    })
    expect(trail.at(-1)?.name).toBe(found)
  })

  test('may be used although the password has expired, which it does not need', async () => {
    const { ask } = await company()
    expect((await ask(upn('petra@corp.example'))).status).toBe(200)
  })

  test('with the SID of somebody else is refused', async () => {
    const { ask, trail } = await company()
    const sid = (end: string) => [sidExtension(`S-1-5-21-1-2-3-${end}`)]
    const right = await ask({ ...upn('alice@corp.example'), more: sid('1001') })
    expect(right.status).toBe(200)
    const wrong = await ask({ ...upn('alice@corp.example'), more: sid('500') })
    expect([wrong.status, trail.at(-1)?.code]).toEqual([403, 'certificate_person'])
  })

  test('asks for nothing that it holds in a filter of its own', async () => {
    const { ask } = await company()
    for (const name of ['*', 'alice)(objectClass=*', '\\2a'])
      expect((await ask(upn(`${name}@corp.example`))).status).toBe(403)
  })

  test('is a matter for later when the directory is gone', async () => {
    const { ask, directory } = await company()
    directory.close()
    const answer = await ask(upn('alice@corp.example'))
    expect(answer.status).toBe(503)
    expect(answer.text).not.toContain('alice')
  })

  test('finds whoever is mapped by issuer and serial number', async () => {
    const mapped = person('mapped', 9, {
      altSecurityIdentities: ['X509:<I>CN=Own Root<SR>efcdab'],
    })
    const { ask } = await company({ entries: [...entries, mapped] }, 'issuer-and-serial')
    expect((await ask({ serial: 'abcdef', names: [] })).text).toContain('"name":"mapped"')
    expect((await ask({ serial: 'abcdee', names: [] })).status).toBe(403)
  })
})
