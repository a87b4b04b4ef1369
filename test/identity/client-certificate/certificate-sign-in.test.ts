import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SignInFailed, StateUnavailable } from '../../../src/errors.ts'
import {
  type CertificateSettings,
  openCertificateSignIn,
} from '../../../src/identity/client-certificate/certificate-sign-in.ts'
import type {
  CertificateLookUp,
  LookedUpPerson,
} from '../../../src/identity/client-certificate/certified-identity.ts'
import type { IdentitySource } from '../../../src/identity/client-certificate/identity-source.ts'
import { sidExtension } from '../../support/certificates/sid-extension.ts'
import { refusalOf } from '../../support/certificates/refusal-of.ts'
import {
  type CertificatePlan,
  makeRoot,
  noon,
  type TestCertificate,
} from '../../support/certificates/test-authority.ts'
import { heldEffects } from '../../support/held-effects.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const day = 86_400_000
const method = { id: 'smartcard', label: 'Smart card', people: 'staff' }
const upn: IdentitySource = { type: 'upn', domains: ['corp.example'] }
const sid = 'S-1-5-21-1-2-3-1104'
const alice: LookedUpPerson = {
  id: 'b0a1',
  account: 'alice',
  sid,
  displayName: 'Alice Anders',
  email: 'alice@corp.example',
  groups: ['CN=AWS-Readers'],
  attributes: {},
}

async function setUp(lookUp?: CertificateLookUp) {
  const folder = await mkdtemp(join(tmpdir(), 'certificates-'))
  onTestFinished(async () => rm(folder, { recursive: true }))
  const staff = await makeRoot({ subject: 'CN=Staff' })
  const machines = await makeRoot({ subject: 'CN=Machines' })
  const keep = async (name: string, bytes: Buffer | string) => writeFile(join(folder, name), bytes)
  await keep('staff.pem', staff.pem)
  await keep('machines.pem', machines.pem)
  await keep('staff.crl', await staff.list())
  await keep('machines.crl', await machines.list())
  const list = (name: string) => ({
    location: { file: join(folder, name) },
    copy: undefined,
    refreshSeconds: 3600,
    alarmSeconds: 3600,
  })
  const settings: CertificateSettings = {
    method,
    authorities: [
      { name: 'staff', files: [join(folder, 'staff.pem')], sources: [upn], groups: [] },
      {
        name: 'machines',
        files: [join(folder, 'machines.pem')],
        sources: [{ type: 'common-name' }],
        groups: ['machines'],
      },
    ],
    revocation: {
      lists: [list('staff.crl'), list('machines.crl')],
      responders: [],
      failPolicy: 'hard',
    },
  }
  const parts = { settings, lookUp, effects: heldEffects(noon), logger: silentLogger }
  const signIn = await openCertificateSignIn(parts)
  const verify = async ({ der }: TestCertificate) =>
    refusalOf(async () => signIn.verify({ leaf: der, intermediates: [] }))
  return { staff, machines, keep, signIn, verify }
}

const ofAlice: CertificatePlan = { names: [{ type: 'upn', value: 'alice@corp.example' }] }

describe('without a directory', () => {
  test('binds the name to the authority and gives its groups', async () => {
    const { staff, machines, verify } = await setUp()
    expect(await verify(await staff.issue(ofAlice))).toEqual({
      accepted: {
        person: { people: 'staff', id: 'staff/upn/alice@corp.example' },
        name: 'alice@corp.example',
        displayName: undefined,
        email: undefined,
        method: 'smartcard',
        methodLabel: 'Smart card',
        groups: [],
        attributes: {},
        authenticatedAt: noon.getTime(),
        endsAt: noon.getTime() + day,
        breakGlass: false,
      },
    })
    expect(await verify(await machines.issue({ subject: 'CN=build-7' }))).toMatchObject({
      accepted: { person: { id: 'machines/common-name/build-7' }, groups: ['machines'] },
    })
  })

  test('ends with its certificate, or with an authority above that ends before', async () => {
    const { staff, keep, signIn } = await setUp()
    const sooner = new Date(noon.getTime() + 3_600_000)
    const issuing = await staff.issue({
      subject: 'CN=Issuing',
      ca: true,
      usages: 'none',
      to: sooner,
    })
    const { der: leaf } = await issuing.issue(ofAlice)
    // Its own list takes the place of one that is not asked for here.
    await keep('machines.crl', await issuing.list())
    await signIn.reload()
    expect(await signIn.verify({ leaf, intermediates: [issuing.der] })).toMatchObject({
      endsAt: sooner.getTime(),
    })
  })

  test('lets no authority speak by a name that another one may use', async () => {
    const { staff, machines, verify } = await setUp()
    expect(await verify(await staff.issue({ subject: 'CN=build-7' }))).toBe('certificate_no_name')
    const posing = await machines.issue({ ...ofAlice, subject: 'CN=alice@corp.example' })
    expect(await verify(posing)).toMatchObject({
      accepted: { person: { id: 'machines/common-name/alice@corp.example' } },
    })
  })

  test('refuses whom the authority revoked, after a reload and without a restart', async () => {
    const { staff, keep, signIn, verify } = await setUp()
    const certificate = await staff.issue({ ...ofAlice, serial: '0a11ce' })
    expect(await verify(certificate)).toMatchObject({ accepted: {} })
    await keep('staff.crl', await staff.list({ revoked: ['0a11ce'] }))
    await signIn.reload()
    expect(await verify(certificate)).toBe('certificate_revoked')
    expect(signIn.health().map(({ state }) => state)).toEqual(['fresh', 'fresh'])
  })

  test('trusts another authority after a reload, and the old one after a failed one', async () => {
    const { staff, keep, signIn, verify } = await setUp()
    const certificate = await staff.issue(ofAlice)
    await keep('staff.pem', 'nonsense')
    await expect(signIn.reload()).rejects.toThrow("certificates can't be read")
    expect(await verify(certificate)).toMatchObject({ accepted: {} })
    await keep('staff.pem', (await makeRoot({ subject: 'CN=New' })).pem)
    await signIn.reload()
    expect(await verify(certificate)).toBe('certificate_unknown_authority')
    expect(signIn.authorities().pem).toHaveLength(2)
  })
})

describe('with a directory', () => {
  test('takes the person from there', async () => {
    const asked: unknown[] = []
    const { staff, verify } = await setUp((key) => {
      asked.push(key)
      return Promise.resolve(alice)
    })
    expect(await verify(await staff.issue(ofAlice))).toMatchObject({
      accepted: {
        person: { people: 'staff', id: 'b0a1' },
        name: 'alice',
        groups: ['CN=AWS-Readers'],
      },
    })
    expect(asked).toEqual([{ by: 'name', account: undefined, principal: 'alice@corp.example' }])
  })

  test('demands the SID of the certificate, if it has one', async () => {
    const { staff, verify } = await setUp(() => Promise.resolve(alice))
    expect(
      await verify(await staff.issue({ ...ofAlice, more: [sidExtension(sid)] })),
    ).toMatchObject({ accepted: {} })
    const other = sidExtension('S-1-5-21-1-2-3-500')
    expect(await verify(await staff.issue({ ...ofAlice, more: [other] }))).toBe(
      'certificate_person',
    )
  })

  test('refuses whom it does not find or does not let in', async () => {
    const { staff, verify } = await setUp(() =>
      Promise.reject(new SignInFailed('No.', { detail: 'directory_no_such_person' })),
    )
    expect(await verify(await staff.issue(ofAlice))).toBe('certificate_person')
  })

  test('is no refusal when it is out of reach', async () => {
    const { staff, verify } = await setUp(() =>
      Promise.reject(new StateUnavailable('Out of reach.')),
    )
    await expect(staff.issue(ofAlice).then(verify)).rejects.toThrow(StateUnavailable)
  })
})

test('never asks about a certificate that has not passed', async () => {
  const { staff, verify } = await setUp(() => Promise.reject(new Error('asked')))
  const impostor = await makeRoot({ subject: 'CN=Staff' })
  expect(await verify(await impostor.issue(ofAlice))).toBe('certificate_unknown_authority')
  expect(await verify(await staff.issue({ ...ofAlice, usages: 'none' }))).toBe('certificate_usage')
})
