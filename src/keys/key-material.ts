import { issuersOf, readCertificates, readIntermediates } from './certificate.ts'
import { KeyFault } from './key-fault.ts'
import { keyObjectSigner } from './key-object-signer.ts'
import { holdsPrivateKey, readPrivateKey } from './pem-key.ts'
import { looksLikePem } from './pem.ts'
import { looksLikePkcs12 } from './looks-like-pkcs12.ts'
import type { AskSecret, Signer } from './signer.ts'

/** The bytes of a certificate and what goes with it, from files or from standard input. */
export interface KeyMaterial {
  /** PEM, DER, or a PKCS#12 file, which holds everything. */
  readonly certificate: Buffer
  /** PEM or DER; without it, the key stands beside the certificate. */
  readonly privateKey?: Buffer | undefined
  /** Sent as they are; without them, what the certificate's own file holds above it. */
  readonly intermediates?: Buffer | undefined
}

/** A signer for a certificate and its key. KeyFault names what is wrong with which of them. */
export async function signerFrom(material: KeyMaterial, ask?: AskSecret): Promise<Signer> {
  const { certificate, privateKey, intermediates } = material
  if (looksLikePkcs12(certificate)) {
    if (privateKey || intermediates) {
      throw new KeyFault(
        'bad_pkcs12',
        'A PKCS#12 file holds its own key and intermediate certificates. Give the file alone.',
      )
    }
    const { openPkcs12 } = await import('./pkcs12.ts')
    return openPkcs12(certificate, ask)
  }
  const [leaf, ...rest] = readCertificates(certificate)
  if (!privateKey && looksLikePem(certificate) && !holdsPrivateKey(certificate)) {
    throw new KeyFault(
      'no_private_key',
      "There is no private key beside the certificate. Give the key's file as well.",
    )
  }
  const key = await readPrivateKey(privateKey ?? certificate, ask)
  const chain = intermediates ? readIntermediates(intermediates) : issuersOf(leaf, rest)
  return keyObjectSigner(key, leaf, chain)
}
