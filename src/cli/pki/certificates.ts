import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  Extension,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate as LibraryCertificate,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509'
import * as asn1 from 'asn1js'
import { type KeyObject, X509Certificate } from 'node:crypto'
import { webKeys } from './key-kinds.ts'

/** A key pair and the certificate that was issued for it. */
export interface Authority {
  readonly certificate: X509Certificate
  readonly keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
}

/** What a certificate says, whoever it is for. */
export interface CertificateWish {
  readonly subject: Readonly<Record<string, string>>
  readonly serial: Buffer
  readonly from: Date
  readonly to: Date
  readonly keys: Authority['keys']
}

export interface EndEntityWish extends CertificateWish {
  readonly usage: 'client' | 'server'
  readonly names: readonly JsonGeneralName[]
}

const usages = { client: '1.3.6.1.5.5.7.3.2', server: '1.3.6.1.5.5.7.3.1' } as const
// keyCertSign and cRLSign, digitalSignature and keyEncipherment (RFC 5280 §4.2.1.3): the library's type has no word for
// two together.
const authorityUsage = new Extension('2.5.29.15', true, Buffer.from('03020106', 'hex'))
const signAndEncipher = new Extension('2.5.29.15', true, Buffer.from('030205a0', 'hex'))

/** A certificate authority: a root, or below `issuer`. `below` says how many more may stand under it. */
export async function authorityCertificate(
  wish: CertificateWish,
  below: number,
  issuer?: Authority,
): Promise<X509Certificate> {
  return made(wish, issuer, [new BasicConstraintsExtension(true, below, true), authorityUsage])
}

/**
 * An end entity as IAM Roles Anywhere takes it: version 3, no authority, digitalSignature, SHA-256 or better, a subject
 * (IAM Roles Anywhere User Guide, "Trust model").
 */
export async function endEntityCertificate(
  wish: EndEntityWish,
  issuer: Authority,
): Promise<X509Certificate> {
  const encipher = wish.usage === 'server' && wish.keys.publicKey.asymmetricKeyType === 'rsa'
  return made(wish, issuer, [
    new BasicConstraintsExtension(false, undefined, true),
    encipher ? signAndEncipher : new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([usages[wish.usage]]),
    ...(wish.names.length > 0 ? [new SubjectAlternativeNameExtension([...wish.names])] : []),
  ])
}

async function made(
  { subject, serial, from, to, keys }: CertificateWish,
  issuer: Authority | undefined,
  extensions: Extension[],
): Promise<X509Certificate> {
  const own = await webKeys(keys)
  const signer = issuer ? await webKeys(issuer.keys) : own
  const name = Object.entries(subject).map(([type, value]) => ({ [type]: [value] }))
  const certificate = await X509CertificateGenerator.create({
    subject: name,
    issuer: issuer ? libraryForm(issuer).subjectName.toJSON() : name,
    serialNumber: serial.toString('hex'),
    notBefore: from,
    notAfter: to,
    publicKey: own.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: signer.algorithm,
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(own.publicKey),
      ...(issuer ? [await AuthorityKeyIdentifierExtension.create(signer.publicKey)] : []),
    ],
  })
  return new X509Certificate(Buffer.from(certificate.rawData))
}

export interface Revoked {
  readonly serial: string
  readonly on: Date
}

/** A revocation list (PEM) of an authority, with its number (RFC 5280 §5.2.3). */
export async function revocationList(
  authority: Authority,
  revoked: readonly Revoked[],
  { number, from, to }: { readonly number: number; readonly from: Date; readonly to: Date },
): Promise<string> {
  const keys = await webKeys(authority.keys)
  const list = await X509CrlGenerator.create({
    issuer: libraryForm(authority).subjectName.toJSON(),
    thisUpdate: from,
    nextUpdate: to,
    entries: revoked.map(({ serial, on }) => ({ serialNumber: serial, revocationDate: on })),
    extensions: [
      await AuthorityKeyIdentifierExtension.create(keys.publicKey),
      new Extension('2.5.29.20', false, new asn1.Integer({ value: number }).toBER()),
    ],
    signingKey: keys.privateKey,
    signingAlgorithm: keys.algorithm,
  })
  // The library's own label is not that of RFC 7468 §7, which is all that OpenSSL reads.
  const lines =
    Buffer.from(list.rawData)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN X509 CRL-----', ...lines, '-----END X509 CRL-----', ''].join('\n')
}

function libraryForm({ certificate }: Authority): LibraryCertificate {
  return new LibraryCertificate(certificate.raw)
}
