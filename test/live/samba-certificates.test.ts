import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type CertificateLab,
  directMethod,
  startCertificateLab,
} from '../support/certificates/certificate-lab.ts'
import { ownAuthority, type OwnAuthority } from '../support/certificates/own-authority.ts'
import { sidExtension } from '../support/certificates/sid-extension.ts'
import type { CertificatePlan } from '../support/certificates/test-authority.ts'
import { freePort } from '../support/free-port.ts'
import { domain, requireSamba, type SambaDirectory, startSamba } from './samba/samba-directory.ts'

const runs = requireSamba()
let samba: SambaDirectory
let authority: OwnAuthority
let lab: CertificateLab
let origin: string

beforeAll(async () => {
  if (!runs) return
  samba = await startSamba()
  authority = await ownAuthority()
  const port = await freePort()
  origin = `https://localhost:${port}`
  lab = await startCertificateLab({
    files: { 'directory-password': domain.password },
    config: (folder) => ({
      signIn: [
        {
          ...directMethod(folder, port),
          ...authority.trusted(folder),
          authorities: [
            {
              name: 'own',
              files: [join(folder, 'own-ca.pem')],
              sources: [
                { type: 'sid' },
                { type: 'upn', domains: ['corp.example.test'] },
                { type: 'issuer-and-serial' },
              ],
            },
          ],
          directory: 'ad',
        },
        {
          ...{ id: 'ad', type: 'active-directory', people: 'staff', urls: ['ldaps://localhost'] },
          ...{ ca: samba.ca, baseDn: domain.people, realm: 'corp.example.test' },
          bind: {
            as: 'service-account',
            name: 'svc-postern@corp.example.test',
            password: '${file:directory-password}',
          },
        },
      ],
      grants: [],
    }),
  })
}, 240_000)

afterAll(async () => {
  if (!runs) return
  await lab.close()
  await samba[Symbol.asyncDispose]()
}, 60_000)

const database = () => ['-H', join(samba.folder, 'private', 'sam.ldb')]

function sidOf(account: string): string {
  const found = execFileSync('ldbsearch', [
    ...database(),
    `(sAMAccountName=${account})`,
    'objectSid',
  ])
  return /^objectSid: (\S+)$/m.exec(found.toString())?.[1] ?? ''
}

/** Who somebody with such a certificate is, or the code and detail of the refusal. */
async function who(plan: CertificatePlan): Promise<unknown> {
  const certificate = await authority.issue({ names: [], ...plan })
  const { status, text } = await lab.askAt(origin, '/api/v1/me', undefined, { certificate })
  if (status === 200) return JSON.parse(text)
  expect(status).toBe(403)
  return lab.trail.at(-1)
}

const upn = (value: string): CertificatePlan => ({ names: [{ type: 'upn', value }] })

test.runIf(runs)('a principal name leads to the person, with nested groups', async () => {
  expect(await who(upn('alice.anders@corp.example.test'))).toMatchObject({
    name: 'alice',
    people: 'staff',
    groups: expect.arrayContaining([`CN=aws-admins,OU=Groups,${domain.dn}`]) as string[],
  })
})

test.runIf(runs)('a name that is not the principal name leads to nobody', async () => {
  const refused = { code: 'certificate_person' }
  expect(await who(upn('alice@corp.example.test'))).toMatchObject(refused)
  expect(await who(upn('*@corp.example.test'))).toMatchObject({
    code: expect.any(String) as string,
  })
})

test.runIf(runs)('a disabled account is refused', async () => {
  expect(await who(upn('disabled@corp.example.test'))).toMatchObject({
    code: 'certificate_person',
    detail: expect.stringContaining('directory_disabled') as string,
  })
})

test.runIf(runs)('the security identifier decides, and must be that of the name', async () => {
  const more = [sidExtension(sidOf('bob'))]
  expect(await who({ more })).toMatchObject({ name: 'bob' })
  const nobody = [sidExtension(`${samba.sid}-99999`)]
  expect(await who({ more: nobody })).toMatchObject({ code: 'certificate_person' })
})

test.runIf(runs)('issuer and serial number lead to whom the directory maps them', async () => {
  const change = `dn: CN=Bob Brown,${domain.people}
changetype: modify
add: altSecurityIdentities
altSecurityIdentities: X509:<I>CN=Own Root<SR>efcdab
`
  execFileSync('ldbmodify', database(), { input: change })
  expect(await who({ serial: 'abcdef' })).toMatchObject({ name: 'bob' })
  expect(await who({ serial: 'abcdee' })).toMatchObject({ code: 'certificate_person' })
})
