import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { ContentInfo, SafeBag } from 'pkijs'
import { issuersOf } from './certificate.ts'
import { KeyFault } from './key-fault.ts'
import { keyObjectSigner } from './key-object-signer.ts'
import { decryptTripleDes, type PbeParameters } from './pkcs12-pbe.ts'
import type { AskSecret, Signer } from './signer.ts'

// As long to load as a whole Node to start; only those who have such a file pay for it.
const load = async () => ({ pki: await import('pkijs'), asn1: await import('asn1js') })
type Libraries = Awaited<ReturnType<typeof load>>

const tripleDes = '1.2.840.113549.1.12.1.3'
const data = '1.2.840.113549.1.7.1'
const encryptedData = '1.2.840.113549.1.7.6'
const mostIterations = 10_000_000

/** What a PKCS#12 file holds: a key, its certificate, and the certificates from that one's issuer upwards. */
export interface Pkcs12Contents {
  readonly key: KeyObject
  readonly certificate: X509Certificate
  readonly chain: readonly X509Certificate[]
}

/** A signer of what `readPkcs12` reads. */
export async function openPkcs12(bytes: Buffer, ask?: AskSecret): Promise<Signer> {
  const { key, certificate, chain } = await readPkcs12(bytes, ask)
  return keyObjectSigner(key, certificate, chain)
}

/**
 * The key of a PKCS#12 file, its certificate and the certificates above that. Tried with the empty password first;
 * `ask` is called when that does not open it. KeyFault when it can't be opened or holds no pair.
 */
export async function readPkcs12(bytes: Buffer, ask?: AskSecret): Promise<Pkcs12Contents> {
  const password = await passwordFor(bytes, ask)
  const bags = await bagsOf(bytes, password)
  for (const key of bags.keys) {
    const leaf = bags.certificates.find((certificate) => certificate.checkPrivateKey(key))
    if (leaf) return { key, certificate: leaf, chain: issuersOf(leaf, bags.certificates) }
  }
  if (bags.keys.length === 0)
    throw new KeyFault('no_private_key', 'The PKCS#12 file holds no private key.')
  if (bags.certificates.length === 0) {
    throw new KeyFault('no_certificate', 'The PKCS#12 file holds no certificate.')
  }
  throw new KeyFault(
    'key_mismatch',
    'No certificate of the PKCS#12 file belongs to its private key.',
  )
}

async function passwordFor(bytes: Buffer, ask: AskSecret | undefined): Promise<string> {
  if (await opens(bytes, '')) return ''
  if (!ask) throw new KeyFault('passphrase_required', 'The PKCS#12 file has a password. Give it.')
  const password = await ask()
  if (await opens(bytes, password)) return password
  throw new KeyFault('wrong_passphrase', 'The password does not open the PKCS#12 file.')
}

/** Node's own reader checks the MAC, of every kind that OpenSSL knows; it just doesn't hand out what is inside. */
async function opens(bytes: Buffer, password: string): Promise<boolean> {
  const { createSecureContext } = await import('node:tls')
  try {
    // A short key is for AWS to refuse, not for the reader.
    createSecureContext({ pfx: bytes, passphrase: password, ciphers: 'DEFAULT@SECLEVEL=0' })
    return true
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    if (/mac verify failure|bad decrypt|cipherfinal error/i.test(reason)) return false
    if (/unsupported/i.test(reason)) {
      throw new KeyFault(
        'unsupported_encryption',
        'The PKCS#12 file uses RC2 or another cipher that is no longer supported. Export it again with AES, or ' +
          'convert it: openssl pkcs12 -legacy -in OLD -nodes | openssl pkcs12 -export -out NEW',
        { cause },
      )
    }
    if (/unable to load (private key|certificate) from pfx/i.test(reason)) return true
    throw unreadable(cause)
  }
}

interface Bags {
  readonly keys: KeyObject[]
  readonly certificates: X509Certificate[]
}

async function bagsOf(bytes: Buffer, password: string): Promise<Bags> {
  const libraries = await load()
  const bags: Bags = { keys: [], certificates: [] }
  try {
    const pfx = libraries.pki.PFX.fromBER(exact(bytes))
    await pfx.parseInternalValues({ checkIntegrity: false, password: exact(Buffer.from(password)) })
    for (const content of pfx.parsedValue?.authenticatedSafe?.safeContents ?? []) {
      const der = await contentsOf(content, password, libraries)
      for (const bag of libraries.pki.SafeContents.fromBER(exact(der)).safeBags) {
        take(bag, password, bags, libraries)
      }
    }
  } catch (cause) {
    throw cause instanceof KeyFault ? cause : unreadable(cause)
  }
  return bags
}

async function contentsOf(
  { contentType, content }: ContentInfo,
  password: string,
  { pki, asn1 }: Libraries,
): Promise<Buffer> {
  const schema: unknown = content
  if (contentType === data && schema instanceof asn1.OctetString)
    return Buffer.from(schema.getValue())
  if (contentType !== encryptedData) throw unreadable(`content of type ${contentType}`)
  const envelope = new pki.EncryptedData({ schema })
  const { contentEncryptionAlgorithm: algorithm } = envelope.encryptedContentInfo
  if (algorithm.algorithmId !== tripleDes) {
    return Buffer.from(await envelope.decrypt({ password: exact(Buffer.from(password)) }))
  }
  const ciphertext = Buffer.from(envelope.encryptedContentInfo.getEncryptedContent())
  return decryptTripleDes(ciphertext, password, parameters(algorithm.algorithmParams, asn1))
}

function take(bag: SafeBag, password: string, bags: Bags, { pki, asn1 }: Libraries): void {
  const { bagValue } = bag
  if (bagValue instanceof pki.CertBag && bagValue.certValue instanceof asn1.OctetString) {
    bags.certificates.push(new X509Certificate(Buffer.from(bagValue.certValue.getValue())))
  } else if (bagValue instanceof pki.PrivateKeyInfo) {
    bags.keys.push(pkcs8(Buffer.from(bagValue.toSchema().toBER())))
  } else if (bagValue instanceof pki.PKCS8ShroudedKeyBag) {
    const { algorithmId } = bagValue.encryptionAlgorithm
    const algorithmParams: unknown = bagValue.encryptionAlgorithm.algorithmParams
    const ciphertext = Buffer.from(bagValue.encryptedData.getValue())
    bags.keys.push(
      algorithmId === tripleDes
        ? pkcs8(decryptTripleDes(ciphertext, password, parameters(algorithmParams, asn1)))
        : pkcs8(Buffer.from(bagValue.toSchema().toBER()), password),
    )
  }
}

function parameters(found: unknown, asn1: Libraries['asn1']): PbeParameters {
  const [salt, rounds] = found instanceof asn1.Sequence ? found.valueBlock.value : []
  if (!(salt instanceof asn1.OctetString) || !(rounds instanceof asn1.Integer)) {
    throw unreadable('PBE parameters')
  }
  const iterations = rounds.valueBlock.valueDec
  if (iterations < 1 || iterations > mostIterations) throw unreadable(`${iterations} iterations`)
  return { salt: Buffer.from(salt.getValue()), iterations }
}

function pkcs8(der: Buffer, passphrase?: string): KeyObject {
  return createPrivateKey({
    key: der,
    format: 'der',
    type: 'pkcs8',
    ...(passphrase !== undefined && { passphrase }),
  })
}

function exact(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

function unreadable(cause: unknown): KeyFault {
  return new KeyFault(
    'bad_pkcs12',
    "The PKCS#12 file can't be read. It is damaged, or of a kind that is not supported.",
    {
      cause,
    },
  )
}
