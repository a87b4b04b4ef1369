import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { AuditTrail } from '../audit/audit-event.ts'
import type { Effects } from '../effects.ts'
import { certificateAuthority } from '../keys/certificate-authority.ts'
import { issueCertificate } from '../keys/issue-certificate.ts'
import { keyObjectSigner } from '../keys/key-object-signer.ts'
import type { KeySource } from '../keys/key-source.ts'
import type { Signer } from '../keys/signer.ts'
import type { Issued, IssueOrder, Issuer } from './issuer.ts'
import { personSubject, personUri } from './person-subject.ts'
import {
  issuedFrom,
  type RolesAnywhereCall,
  rolesAnywhereLimits,
  sessionAsker,
} from './roles-anywhere.ts'
import { checkSendable } from './sendable.ts'

export interface PersonCertificateOptions extends RolesAnywhereCall {
  readonly name: string
  /** The CA that makes the certificates. */
  readonly authority: KeySource
  readonly sendSessionName: boolean
  /** True for the first caller with a serial number, over all instances and for so long as the CA may live. */
  readonly claimSerial: (serial: string) => Promise<boolean>
  readonly audit: AuditTrail
}

/** Milliseconds before now, for a clock at AWS that is behind ours. */
const backwards = 2 * 60_000
/** Milliseconds from beginning to end: a certificate serves one call. */
const life = 10 * 60_000

const makeKeyPair = promisify(generateKeyPair)

/**
 * Gets credentials by CreateSession with a certificate that is made for this one order: its key never leaves memory, its
 * serial number is unique and in the trail before anybody sees it, and its subject lets CloudTrail name the person.
 */
export function createPersonCertificateIssuer(options: PersonCertificateOptions): Issuer {
  const { name, authority, effects, audit, claimSerial, sendSessionName } = options
  const ask = sessionAsker(options)

  async function certify(order: IssueOrder, serial: string): Promise<Signer> {
    const now = effects.now()
    const ca = certificateAuthority(await authority.current(), now)
    const { publicKey, privateKey } = await makeKeyPair('ec', { namedCurve: 'P-256' })
    const notBefore = new Date(now.getTime() - backwards)
    const certificate = await issueCertificate(ca, {
      publicKey,
      subject: personSubject(order),
      uri: personUri(order.person),
      serial: BigInt(`0x${serial}`),
      notBefore,
      notAfter: new Date(notBefore.getTime() + life),
    })
    const isRoot = ca.certificate.checkIssued(ca.certificate)
    return keyObjectSigner(privateKey, certificate, [
      ...(isRoot ? [] : [ca.certificate]),
      ...ca.signer.chain,
    ])
  }

  async function newSerial(): Promise<string> {
    for (;;) {
      const serial = serialFrom(effects)
      if (await claimSerial(serial)) return serial
    }
  }

  return {
    name,
    limits: () => Promise.resolve(rolesAnywhereLimits),
    async issue(order): Promise<Issued> {
      checkSendable(order, ['tags', 'sourceIdentity'])
      if (!order.facts) throw new TypeError('an order without facts can not be recorded')
      const certificateSerial = await newSerial()
      const signer = await certify(order, certificateSerial)
      await audit.record({ ...order.facts, certificateSerial, type: 'certificate-issued' })
      const key = { current: () => Promise.resolve(signer), reopen: () => authority.reopen() }
      const roleSessionName = sendSessionName ? order.roleSessionName : undefined
      const asked = { ...order, roleArn: order.role.arn, roleSessionName }
      const issued = issuedFrom(await ask(asked, key), { ...order, roleSessionName }, options)
      return { ...issued, facts: { ...issued.facts, certificateSerial } }
    },
  }
}

/** 126 random bits in 16 bytes: positive, and never shorter (RFC 5280 §4.1.2.2). Hexadecimal. */
function serialFrom({ randomBytes }: Pick<Effects, 'randomBytes'>): string {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8() & 0x3f) | 0x40)
  return bytes.toString('hex')
}
