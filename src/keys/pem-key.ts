import { createPrivateKey, type KeyObject } from 'node:crypto'
import { KeyFault } from './key-fault.ts'
import { looksLikePem, pemBlocks, type PemBlock } from './pem.ts'
import { type AskSecret, keyAlgorithm } from './signer.ts'

type DerType = 'pkcs1' | 'pkcs8' | 'sec1'

const plain: Readonly<Record<string, DerType>> = {
  'RSA PRIVATE KEY': 'pkcs1',
  'EC PRIVATE KEY': 'sec1',
  'PRIVATE KEY': 'pkcs8',
}
const encrypted = 'ENCRYPTED PRIVATE KEY'

/**
 * The first private key of a PEM text (PKCS#1, PKCS#8, encrypted PKCS#8, SEC 1; certificates may stand beside it), or of
 * DER. `ask` is called for an encrypted key alone. KeyFault says which of all this went wrong.
 */
export async function readPrivateKey(bytes: Buffer, ask?: AskSecret): Promise<KeyObject> {
  if (!looksLikePem(bytes)) return usable(derKey(bytes))
  const block = keyBlock(bytes)
  if (!block) {
    throw new KeyFault(
      'no_private_key',
      'There is no private key in the file. Give the file that holds it.',
    )
  }
  return usable(block.label === encrypted ? await decrypt(block.der, ask) : plainKey(block))
}

/** Whether the text holds a private key of any kind. */
export function holdsPrivateKey(bytes: Buffer): boolean {
  return looksLikePem(bytes) && keyBlock(bytes) !== undefined
}

function keyBlock(bytes: Buffer): PemBlock | undefined {
  return pemBlocks(bytes).find(({ label }) => label.endsWith('PRIVATE KEY'))
}

function plainKey({ label, der, traditionallyEncrypted }: PemBlock): KeyObject {
  if (traditionallyEncrypted) {
    throw weakEncryption(
      'The private key is encrypted in the traditional PEM way, which protects it badly.',
    )
  }
  if (label === 'TSS2 PRIVATE KEY') {
    throw new KeyFault(
      'tpm_key',
      'The private key lives in a TPM, and only the TPM can sign with it.',
    )
  }
  const type = plain[label]
  if (!type)
    throw new KeyFault('unsupported_key', `A key of the form "${label}" can't be used. Use PKCS#8.`)
  try {
    return createPrivateKey({ key: der, format: 'der', type })
  } catch (cause) {
    throw unreadable(cause)
  }
}

// RFC 8018 §A.4, and NIST's AES-CBC with 128, 192 and 256 bits. Only these: what else PKCS#8 allows is 3DES and worse.
const pbes2 = Buffer.from('06092a864886f70d01050d', 'hex')
const aesCbc = ['02', '16', '2a'].map((last) => Buffer.from(`06096086480165030401${last}`, 'hex'))

async function decrypt(der: Buffer, ask: AskSecret | undefined): Promise<KeyObject> {
  const head = der.subarray(0, 256)
  if (!head.includes(pbes2) || !aesCbc.some((cipher) => head.includes(cipher))) {
    throw weakEncryption('The private key is not encrypted with AES.')
  }
  if (!ask) {
    throw new KeyFault('passphrase_required', 'The private key is encrypted. Give its passphrase.')
  }
  const passphrase = await ask()
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8', passphrase })
  } catch (cause) {
    throw new KeyFault('wrong_passphrase', 'The passphrase does not open the private key.', {
      cause,
    })
  }
}

function derKey(bytes: Buffer): KeyObject {
  const causes: unknown[] = []
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    try {
      return createPrivateKey({ key: bytes, format: 'der', type })
    } catch (cause) {
      causes.push(cause)
    }
  }
  throw unreadable(new AggregateError(causes))
}

function usable(key: KeyObject): KeyObject {
  if (keyAlgorithm(key)) return key
  const kind = key.asymmetricKeyType ?? 'nameless'
  throw new KeyFault(
    'unsupported_key',
    `A ${kind} key can't be used. Use an RSA, EC or ML-DSA key.`,
  )
}

function unreadable(cause: unknown): KeyFault {
  return new KeyFault(
    'bad_private_key',
    "The private key can't be read. It is damaged, or not a private key.",
    {
      cause,
    },
  )
}

function weakEncryption(what: string): KeyFault {
  return new KeyFault(
    'unsupported_encryption',
    `${what} Convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW`,
  )
}
