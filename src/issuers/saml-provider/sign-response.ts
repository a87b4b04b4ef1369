import type { KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { SignedXml } from 'xml-crypto'
import {
  assertionNs,
  envelopedSignature,
  exclusiveC14n,
  rsaSha256,
  sha256,
} from '../../identity/saml/saml-names.ts'
import { KeyFault } from '../../keys/key-fault.ts'
import type { Signer } from '../../keys/signer.ts'

const shortestKey = 2048
const assertion = `/*/*[local-name(.)='Assertion' and namespace-uri(.)='${assertionNs}']`

/**
 * Signs the one assertion of a response, RSA with SHA-256 (XML Signature §6.4.2; SAML core §5). The key may be anywhere:
 * it sees only the bytes to sign. KeyFault for a key that AWS would not take.
 */
export async function signResponse(xml: string, signer: Signer): Promise<string> {
  const { certificate } = signer
  if (!certificate || !isStrongRsa(certificate.publicKey)) {
    throw new KeyFault(
      'unsupported_key',
      `The key that signs for AWS must be RSA of ${shortestKey} bits or more, with a certificate.`,
    )
  }
  const signature = new SignedXml({
    // Never used: the algorithm below is the one that signs. The library insists on something.
    privateKey: 'elsewhere',
    publicCert: certificate.toString(),
    signatureAlgorithm: rsaSha256,
    canonicalizationAlgorithm: exclusiveC14n,
  })
  signature.SignatureAlgorithms = { [rsaSha256]: signingWith(signer) }
  signature.addReference({
    xpath: assertion,
    transforms: [envelopedSignature, exclusiveC14n],
    digestAlgorithm: sha256,
  })
  const compute = promisify((done: (error: Error | null, signed?: SignedXml) => void) => {
    signature.computeSignature(
      xml,
      {
        prefix: 'ds',
        location: { reference: `${assertion}/*[local-name(.)='Issuer']`, action: 'after' },
      },
      done,
    )
  })
  await compute()
  return signature.getSignedXml()
}

function isStrongRsa({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= shortestKey
}

type Done = (error: Error | null, signature?: string) => void

function signingWith(signer: Signer) {
  return class {
    getSignature(signedInfo: unknown, _key: unknown, done?: Done): string {
      if (!done) throw new TypeError('signing takes a callback')
      signer.sign(Buffer.from(String(signedInfo)), 'sha256').then(
        (bytes) => {
          done(null, bytes.toString('base64'))
        },
        (error: unknown) => {
          done(error instanceof Error ? error : new Error(String(error)))
        },
      )
      return ''
    }

    verifySignature(): boolean {
      return false
    }

    getAlgorithmName(): string {
      return rsaSha256
    }
  }
}
