import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  Extension,
  ExtendedKeyUsageExtension,
  type JsonGeneralNames,
  type JsonNameParams,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  type X509CrlEntryParams,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509'
import { KeyObject, X509Certificate } from 'node:crypto'
import {
  type ParsedCertificate,
  parseCertificate,
} from '../../../src/identity/client-certificate/parsed-certificate.ts'

/** What a test says about a certificate; the rest is as a good client certificate has it. */
export interface CertificatePlan {
  readonly subject?: string | JsonNameParams
  readonly serial?: string
  readonly from?: Date
  readonly to?: Date
  readonly names?: JsonGeneralNames
  readonly usages?: readonly string[] | 'none'
  readonly keyUsage?: KeyUsageFlags | 'none'
  readonly more?: readonly Extension[]
  readonly ca?: boolean
  readonly pathLength?: number
  readonly key?: KeyKind
  /** Of the issuer's signature. */
  readonly hash?: 'SHA-1' | 'SHA-256' | 'SHA-384'
}

type KeyKind = 'P-256' | 'P-384' | 'rsa-1024' | 'rsa-2048' | 'rsa-sha1' | 'rsa-pss' | 'ed25519'

/** A certificate with its key, and what it may do as an authority, whether it may or not. */
export interface TestCertificate {
  readonly der: Buffer
  readonly pem: string
  readonly keyPem: string
  readonly key: KeyObject
  readonly parsed: ParsedCertificate
  issue(plan?: CertificatePlan): Promise<TestCertificate>
  /** The DER of a revocation list. */
  list(plan?: ListPlan): Promise<Buffer>
}

export interface ListPlan {
  readonly revoked?: readonly string[]
  readonly entries?: readonly X509CrlEntryParams[]
  readonly from?: Date
  readonly to?: Date
  readonly extensions?: readonly Extension[]
  readonly hash?: 'SHA-1' | 'SHA-256'
}

/** The moment at which everything is valid unless a test says otherwise. */
export const noon = new Date('2030-06-01T12:00:00Z')
const dayBefore = new Date('2030-05-31T12:00:00Z')
const dayAfter = new Date('2030-06-02T12:00:00Z')
export const clientAuth = '1.3.6.1.5.5.7.3.2'
export const serverAuth = '1.3.6.1.5.5.7.3.1'

// keyCertSign and cRLSign, which the library's type has no word for together.
const authorityUsage = new Extension('2.5.29.15', true, Buffer.from('03020106', 'hex'))

let nextSerial = 0x1000

/** A root that signs itself. */
export async function makeRoot(plan: CertificatePlan = {}): Promise<TestCertificate> {
  return make({ subject: 'CN=Test Root', ca: true, usages: 'none', ...plan }, undefined)
}

interface Signer {
  readonly subject: Name
  readonly keys: CryptoKeyPair
}

async function make(plan: CertificatePlan, by: Signer | undefined): Promise<TestCertificate> {
  const keys = await generate(plan.key ?? 'P-256')
  const subject = new Name(plan.subject ?? 'CN=alice')
  const signer = by ?? { subject, keys }
  const certificate = await X509CertificateGenerator.create({
    subject: subject.toJSON(),
    issuer: signer.subject.toJSON(),
    serialNumber: plan.serial ?? (nextSerial += 1).toString(16),
    notBefore: plan.from ?? dayBefore,
    notAfter: plan.to ?? dayAfter,
    publicKey: keys.publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: signingAlgorithm(signer.keys, plan.hash ?? 'SHA-256'),
    extensions: extensions(plan),
  })
  return wrap(Buffer.from(certificate.rawData), { subject, keys })
}

/** The same with bytes of a test's own making. */
function wrap(der: Buffer, signer: Signer): TestCertificate {
  const key = KeyObject.from(signer.keys.privateKey)
  return {
    der,
    key,
    pem: new X509Certificate(der).toString(),
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    get parsed() {
      return parseCertificate(der)
    },
    issue: async (plan = {}) => make(plan, signer),
    list: async (plan = {}) => {
      const entries = (plan.revoked ?? []).map((serialNumber) => ({
        serialNumber,
        revocationDate: dayBefore,
      }))
      const list = await X509CrlGenerator.create({
        issuer: signer.subject.toJSON(),
        thisUpdate: plan.from ?? dayBefore,
        nextUpdate: plan.to ?? dayAfter,
        entries: [...entries, ...(plan.entries ?? [])],
        extensions: [...(plan.extensions ?? [])],
        signingKey: signer.keys.privateKey,
        signingAlgorithm: signingAlgorithm(signer.keys, plan.hash ?? 'SHA-256'),
      })
      return Buffer.from(list.rawData)
    },
  }
}

function extensions(plan: CertificatePlan): Extension[] {
  const { ca = false, usages = [clientAuth], names = [], more = [] } = plan
  const usual = ca ? authorityUsage : new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true)
  const keyUsage =
    typeof plan.keyUsage === 'number' ? new KeyUsagesExtension(plan.keyUsage, true) : usual
  return [
    new BasicConstraintsExtension(ca, plan.pathLength, true),
    ...(plan.keyUsage === 'none' ? [] : [keyUsage]),
    ...(usages === 'none' ? [] : [new ExtendedKeyUsageExtension([...usages])]),
    ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
    ...more,
  ]
}

async function generate(kind: KeyKind): Promise<CryptoKeyPair> {
  const use = ['sign', 'verify'] as const
  if (kind === 'P-256' || kind === 'P-384') {
    return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: kind }, true, use)
  }
  if (kind === 'ed25519') {
    const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, use)
    if (!('privateKey' in pair)) throw new Error('no pair')
    return pair
  }
  const hash = kind === 'rsa-sha1' ? 'SHA-1' : 'SHA-256'
  const name = kind === 'rsa-pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5'
  const publicExponent = new Uint8Array([1, 0, 1])
  const modulusLength = kind === 'rsa-1024' ? 1024 : 2048
  return crypto.subtle.generateKey({ name, modulusLength, publicExponent, hash }, true, use)
}

function signingAlgorithm({ privateKey }: CryptoKeyPair, hash: string) {
  return { name: privateKey.algorithm.name, hash, saltLength: 32 }
}
