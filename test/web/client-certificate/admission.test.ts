import { beforeAll, describe, expect, test } from 'vitest'
import { type CertificateLab, certificateLab } from '../../support/certificates/certificate-lab.ts'
import {
  aroundNow,
  type Held,
  ownAuthority,
  type OwnAuthority,
} from '../../support/certificates/own-authority.ts'
import {
  type CertificatePlan,
  clientAuth,
  serverAuth,
} from '../../support/certificates/test-authority.ts'

const hours = (count: number) => new Date(Date.now() + count * 3_600_000)
let authority: OwnAuthority
beforeAll(async () => {
  authority = await ownAuthority()
})

const lab = () => certificateLab({ method: (folder) => authority.trusted(folder) })

/** What the API makes of a certificate, and what the trail says of it. */
async function admitted(lab: CertificateLab, certificate?: Held): Promise<unknown> {
  const { trail } = lab
  const answer = await lab.ask('/api/v1/me', undefined, { certificate })
  const [event, ...more] = trail.splice(0)
  expect(more).toEqual([])
  if (answer.status === 200) return { name: event?.name }
  expect(answer.status).toBe(403)
  return event?.code
}

describe('a certificate', () => {
  const cases: readonly (readonly [string, CertificatePlan, unknown])[] = [
    ['that is in order', {}, { name: 'alice@corp.example' }],
    ['that has expired', { from: hours(-48), to: hours(-1) }, 'certificate_expired'],
    ['that is not valid yet', { from: hours(1) }, 'certificate_not_yet_valid'],
    ['for servers', { usages: [serverAuth] }, 'certificate_usage'],
    ['for nothing in particular', { usages: 'none' }, 'certificate_usage'],
    ['that is an authority', { ca: true, usages: [clientAuth] }, 'certificate_usage'],
    ['without a name', { names: [] }, 'certificate_no_name'],
    [
      'with two names',
      {
        names: [
          { type: 'upn', value: 'alice@corp.example' },
          { type: 'upn', value: 'admin@corp.example' },
        ],
      },
      'certificate_name',
    ],
    [
      'with the name of another domain',
      { names: [{ type: 'upn', value: 'alice@corp.example.evil.example' }] },
      'certificate_name_foreign',
    ],
  ]

  test.each(cases)('%s', async (_, plan, expected) => {
    expect(await admitted(await lab(), await authority.issue(plan))).toEqual(expected)
  })

  test('of nobody', async () => {
    expect(await admitted(await lab())).toBe('certificate_missing')
  })

  test('of another authority, also of one with the same name', async () => {
    const [other, namesake] = [await ownAuthority({ subject: 'CN=Other' }), await ownAuthority()]
    expect(await admitted(await lab(), await other.issue())).toBe('certificate_unknown_authority')
    // OpenSSL finds the authority by its name, and the signature wrong.
    expect(await admitted(await lab(), await namesake.issue())).toBe('certificate_unauthorized')
  })

  test('that was issued by somebody who may not', async () => {
    const bob = await authority.issue({ subject: 'CN=bob' })
    const forged = await authority.issue({}, bob.made)
    expect(await admitted(await lab(), forged)).toMatch(/^certificate_(unauthorized|issuer)/)
  })

  test('of an issuing authority counts where that one is listed too, since Node shows no others', async () => {
    const issuing = await authority.root.issue({
      ...{ ...aroundNow(), subject: 'CN=Issuing', ca: true, usages: 'none' },
    })
    const alice = await authority.issue({}, issuing)
    expect(await admitted(await lab(), alice)).toBe('certificate_unknown_authority')
    const listed = await certificateLab({
      method: (folder) => authority.trusted(folder, issuing.pem),
    })
    expect(await admitted(listed, alice)).toEqual({ name: 'alice@corp.example' })
  })

  test('larger than any that is read', async () => {
    const names = Array.from({ length: 700 }, (_, n) => ({
      type: 'dns' as const,
      value: `${'x'.repeat(20)}${n}.corp.example`,
    }))
    expect(await admitted(await lab(), await authority.issue({ names }))).toMatch(
      /^certificate_(too_large|no_name)$/,
    )
  })

  test('below more authorities than anybody has', async () => {
    let above = authority.root
    const chain: string[] = []
    for (let depth = 0; depth < 12; depth += 1) {
      above = await above.issue({
        ...{ ...aroundNow(), subject: `CN=Level ${depth}`, ca: true, usages: 'none' },
      })
      chain.unshift(above.pem)
    }
    const made = await authority.issue({}, above)
    const certificate = `${made.made.pem}\n${chain.join('\n')}`
    expect(await admitted(await lab(), { ...made, certificate })).toMatch(/^certificate_/)
  })
})

describe('whoever is refused again and again', () => {
  test('waits, and others at the same address without a certificate do not make them', async () => {
    const postern = await lab()
    const certificate = await authority.issue({ usages: [serverAuth] })
    for (let asked = 0; asked < 60; asked += 1) await postern.ask('/sign-in/card')
    expect((await postern.ask('/sign-in/card', undefined, { certificate })).status).toBe(403)
    for (let asked = 0; asked < 50; asked += 1) {
      await postern.ask('/sign-in/card', undefined, { certificate })
    }
    const limited = await postern.ask('/sign-in/card', undefined, { certificate })
    expect(limited.status).toBe(429)
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0)
  })
})
