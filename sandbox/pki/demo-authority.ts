import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509'
import { randomBytes } from 'node:crypto'
import type { DemoCertificate } from './demo-certificates.ts'

/** A certificate with its key, both PEM. */
export interface IssuedCertificate {
  readonly certificate: string
  readonly key: string
}

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' } as const
const usages = { client: '1.3.6.1.5.5.7.3.2', server: '1.3.6.1.5.5.7.3.1' } as const
const authorityDays = 3650
const listDays = 30
// keyCertSign and cRLSign.
const authorityUsage = new Extension('2.5.29.15', true, Buffer.from('03020106', 'hex'))

/** The demo's certificate authority. */
export class DemoAuthority {
  readonly #certificate: X509Certificate
  readonly #key: CryptoKey

  private constructor(certificate: X509Certificate, key: CryptoKey) {
    this.#certificate = certificate
    this.#key = key
  }

  static async create(now: Date): Promise<DemoAuthority> {
    const keys = await newKeys()
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: 'O=Corp Example (sandbox), CN=Postern Sandbox CA',
      serialNumber: serialNumber(),
      notBefore: inDays(now, -60),
      notAfter: inDays(now, authorityDays),
      keys,
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        authorityUsage,
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
    return new DemoAuthority(certificate, keys.privateKey)
  }

  /** Rejects when either is no PEM. */
  static async open({ certificate, key }: IssuedCertificate): Promise<DemoAuthority> {
    const read = new X509Certificate(certificate)
    const bytes = Buffer.from(key.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
    const privateKey = await crypto.subtle.importKey('pkcs8', bytes, keyAlgorithm, true, ['sign'])
    return new DemoAuthority(read, privateKey)
  }

  async pem(): Promise<IssuedCertificate> {
    return {
      certificate: pemText('CERTIFICATE', this.#certificate.rawData),
      key: await keyPem(this.#key),
    }
  }

  async issue(plan: DemoCertificate, now: Date): Promise<IssuedCertificate> {
    const keys = await newKeys()
    const certificate = await this.#sign(plan, now, keys)
    return {
      certificate: pemText('CERTIFICATE', certificate.rawData),
      key: await keyPem(keys.privateKey),
    }
  }

  /** A revocation list that names these certificates (PEM), itself PEM. */
  async revocationList(revoked: readonly string[], now: Date): Promise<string> {
    const list = await X509CrlGenerator.create({
      issuer: this.#certificate.subject,
      thisUpdate: now,
      nextUpdate: inDays(now, listDays),
      entries: revoked.map((certificate) => ({
        serialNumber: new X509Certificate(certificate).serialNumber,
        revocationDate: now,
      })),
      signingKey: this.#key,
      signingAlgorithm,
    })
    return pemText('X509 CRL', list.rawData)
  }

  async #sign(plan: DemoCertificate, now: Date, keys: CryptoKeyPair): Promise<X509Certificate> {
    const { alternativeNames } = plan
    return X509CertificateGenerator.create({
      subject: `O=Corp Example (sandbox), CN=${plan.commonName}`,
      issuer: this.#certificate.subject,
      serialNumber: serialNumber(),
      notBefore: inDays(now, plan.days.from),
      notAfter: inDays(now, plan.days.to),
      publicKey: keys.publicKey,
      signingKey: this.#key,
      signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usages[plan.usage]]),
        await AuthorityKeyIdentifierExtension.create(this.#certificate.publicKey),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        ...(alternativeNames.length > 0
          ? [new SubjectAlternativeNameExtension(alternativeNames.map((name) => ({ ...name })))]
          : []),
      ],
    })
  }
}

async function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify'])
}

/** RFC 5280 §4.1.2.2: positive, and not to be guessed. */
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0)
  return bytes.toString('hex')
}

function inDays(now: Date, days: number): Date {
  return new Date(Math.floor(now.getTime() / 1000) * 1000 + days * 86_400_000)
}

async function keyPem(key: CryptoKey): Promise<string> {
  return pemText('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', key))
}

/** RFC 7468 §2. */
function pemText(label: string, bytes: ArrayBuffer): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}
