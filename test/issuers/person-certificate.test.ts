import { X509Certificate } from 'node:crypto'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { AuditUnavailable, AwsRefused } from '../../src/errors.ts'
import type { Issued, IssueOrder } from '../../src/issuers/issuer.ts'
import { createPersonCertificateIssuer } from '../../src/issuers/person-certificate.ts'
import { keyObjectSigner } from '../../src/keys/key-object-signer.ts'
import { type Issued as Made, issue, keyCertSign, keyPairs } from '../keys/test-certificates.ts'
import { serve } from '../rolesanywhere/fake-roles-anywhere.ts'
import {
  ANCHOR,
  anywhereWorld,
  NOW,
  PROFILE,
  trustsService,
  WORKLOAD,
} from '../sandbox/anywhere-world.ts'
import { FakeTrail, roleArn } from '../support/broker-fakes.ts'
import { heldEffects } from '../support/held-effects.ts'
import { orderOf } from './orders.ts'

const root = issue({ commonName: 'Root', authority: true, keyUsage: keyCertSign })
const intermediate = issue({
  commonName: 'People CA',
  authority: true,
  keyUsage: keyCertSign,
  issuer: root,
  keys: keyPairs.rsa2048(),
})

interface Choices {
  readonly ca?: Made
  readonly chain?: readonly X509Certificate[]
  readonly endpoint?: string
  readonly sendSessionName?: boolean
  readonly trail?: FakeTrail
  readonly claimSerial?: (serial: string) => Promise<boolean>
}

function issuerOn(endpoint: string, choices: Choices = {}) {
  const ca = choices.ca ?? intermediate
  const trail = choices.trail ?? new FakeTrail()
  const serials: string[] = []
  let random = 0
  const issuer = createPersonCertificateIssuer({
    name: 'people',
    trustAnchorArn: ANCHOR,
    profileArn: PROFILE,
    endpoint,
    authority: {
      current: () =>
        Promise.resolve(keyObjectSigner(ca.privateKey, ca.certificate, choices.chain ?? [])),
      reopen: () => Promise.resolve(),
    },
    sendSessionName: choices.sendSessionName ?? true,
    claimSerial:
      choices.claimSerial ??
      ((serial) => {
        const isNew = !serials.includes(serial)
        serials.push(serial)
        return Promise.resolve(isNew)
      }),
    audit: trail,
    effects: {
      ...heldEffects(NOW),
      randomBytes: (length) => Buffer.alloc(length, (random += 1)),
    },
  })
  return { issuer, trail, serials }
}

function personOrder(overrides: Partial<IssueOrder> = {}): IssueOrder {
  const facts = { requestId: 'request-1', address: '127.0.0.1', personId: 'bob' }
  return orderOf({ role: roleArn(WORKLOAD), facts, ...overrides })
}

let aws: Sandbox
async function sandboxWith(choices: Parameters<typeof anywhereWorld>[0]): Promise<Sandbox> {
  const sandbox = await startSandbox({ world: anywhereWorld(choices), now: () => NOW })
  onTestFinished(() => sandbox.close())
  return sandbox
}

beforeEach(async () => {
  aws = await sandboxWith({
    anchor: { certificates: root.certificatePem },
    profile: { acceptRoleSessionName: true },
  })
})

describe('a certificate for one order', () => {
  test('is taken by AWS, which names the person in all three places', async () => {
    const { issuer } = issuerOn(aws.url)
    const issued: Issued = await issuer.issue(personOrder({ roleSessionName: 'bob.baker' }))
    expect(issued.assumedRoleArn).toBe('arn:aws:sts::111111111111:assumed-role/Workload/bob.baker')
    expect(issued.facts).toEqual({
      sourceIdentity: 'CN=bob.baker',
      certificateSerial: '4101010101010101'.padEnd(32, '01'),
    })
    expect(aws.issued().at(-1)).toMatchObject({
      api: 'CreateSession',
      roleSessionName: 'bob.baker',
      sourceIdentity: 'CN=bob.baker',
    })
  })

  test('meets a trust policy on every tag that AWS derives', async () => {
    const condition = {
      StringEquals: {
        'aws:PrincipalTag/x509Subject/CN': 'bob',
        'aws:PrincipalTag/x509Subject/O': 'staff',
        'aws:PrincipalTag/x509Subject/OU': 'red team',
        'aws:PrincipalTag/x509SAN/URI': 'urn:postern:staff:CN=3dBob=20=28x=29=2cDC=3dcorp',
        'aws:PrincipalTag/x509Issuer/CN': 'People CA',
      },
    }
    const strict = await sandboxWith({
      anchor: { certificates: root.certificatePem },
      profile: { acceptRoleSessionName: true },
      trust: trustsService(condition),
    })
    const { issuer } = issuerOn(strict.url)
    const person = { people: 'staff', id: 'CN=Bob (x),DC=corp' }
    const tags = { 'x509Subject/OU': 'red team' }
    await expect(issuer.issue(personOrder({ person, tags }))).resolves.toBeDefined()
    await expect(issuer.issue(personOrder({ person }))).rejects.toThrow(AwsRefused)
    await expect(issuer.issue(personOrder({ tags }))).rejects.toThrow(AwsRefused)
  })

  test.each([
    ['the root itself', root],
    ['an intermediate', intermediate],
  ])('may be issued by %s', async (_what, ca) => {
    const { issuer } = issuerOn(aws.url, { ca })
    await expect(issuer.issue(personOrder())).resolves.toBeDefined()
  })

  test('is named by its serial number where the profile takes no names', async () => {
    const { issuer } = issuerOn(aws.url, { sendSessionName: false })
    const { assumedRoleArn } = await issuer.issue(personOrder())
    expect(assumedRoleArn).toBe(
      `arn:aws:sts::111111111111:assumed-role/Workload/${'41'.padEnd(32, '01')}`,
    )
  })

  test('has a serial number that is claimed first and in the trail before AWS sees it', async () => {
    const log: string[] = []
    const trail = new FakeTrail(log)
    const taken = ['41'.padEnd(32, '01')]
    const { issuer } = issuerOn(aws.url, {
      trail,
      claimSerial: (serial) => {
        log.push(`claim ${serial.slice(0, 4)}`)
        return Promise.resolve(!taken.includes(serial))
      },
    })
    await issuer.issue(personOrder())
    expect(log).toEqual(['claim 4101', 'claim 4202', 'certificate-issued'])
    expect(trail.events[0]).toMatchObject({
      personId: 'bob',
      certificateSerial: '42'.padEnd(32, '02'),
    })
  })

  test('is shown to nobody when the trail takes no record of it', async () => {
    await using server = await serve(() => undefined)
    const trail = new FakeTrail()
    trail.failOn.add('certificate-issued')
    const { issuer } = issuerOn(server.endpoint, { trail })
    await expect(issuer.issue(personOrder())).rejects.toThrow(AuditUnavailable)
    expect(server.arrived).toHaveLength(0)
  })

  test('lasts ten minutes, starts before now, has a key of its own, and brings its authority', async () => {
    await using server = await serve((response) => response.destroy())
    const { issuer } = issuerOn(server.endpoint)
    await issuer.issue(personOrder()).catch(() => undefined)
    await issuer.issue(personOrder()).catch(() => undefined)
    const seen = server.arrived.map(
      ({ headers }) => new X509Certificate(Buffer.from(String(headers['x-amz-x509']), 'base64')),
    )
    const [first] = seen
    if (!first) throw new Error('nothing arrived')
    expect(first.validToDate.getTime() - first.validFromDate.getTime()).toBe(600_000)
    expect(first.validFromDate.getTime()).toBe(NOW.getTime() - 120_000)
    const keys = seen.map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'der' }))
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(2)
    expect(server.arrived[0]?.headers['x-amz-x509-chain']).toBe(
      intermediate.certificate.raw.toString('base64'),
    )
  })
})
