import { createHash, type KeyObject, verify, type X509Certificate } from 'node:crypto'
import { type Attribute, type Handle, tokenFault } from './cryptoki.ts'
import { KeyFault } from './key-fault.ts'
import { cka } from './pkcs11-certificates.ts'
import type { TokenSession } from './pkcs11-token.ts'
import type { Digest } from './signer.ts'

/** Gives the PIN for one signature of a key that asks each time; undefined for a reader with its own keys. */
export type PinForSignature = () => Promise<string | undefined>

const privateKeyClass = 3
const keyTypes: Partial<Record<string, number>> = { rsa: 0, ec: 3 }
const keyTypeAttribute = 0x100
const rsaWithDigest = { sha256: 0x40, sha384: 0x41, sha512: 0x42 } as const
const ecdsa = 0x1041

/** A private key that never leaves its token. */
export interface TokenKey {
  readonly algorithm: 'rsa' | 'ec'
  sign(bytes: Buffer, digest: Digest): Promise<Buffer>
}

/** The keys of a kind that match a template. */
export function keysOn(
  session: TokenSession,
  algorithm: 'rsa' | 'ec',
  template: readonly Attribute[],
): readonly Handle[] {
  return session.find([
    { type: cka.class, value: privateKeyClass },
    { type: keyTypeAttribute, value: keyTypes[algorithm] ?? 0 },
    ...template,
  ])
}

/** The one of the keys that belongs to a certificate, found out by a signature; or undefined. */
export async function keyOfCertificate(
  session: TokenSession,
  candidates: readonly Handle[],
  { publicKey }: X509Certificate,
  algorithm: 'rsa' | 'ec',
  pin: PinForSignature,
): Promise<TokenKey | undefined> {
  for (const handle of candidates) {
    if (isAnother(session, handle, publicKey)) continue
    const key = tokenKey(session, handle, algorithm, pin)
    const probe = Buffer.from('Postern looks for the key of a certificate')
    const signature = await key.sign(probe, 'sha256')
    if (verify('sha256', probe, publicKey, signature)) return key
  }
  return undefined
}

// Spares keys that ask for a PIN each time a signature that could not fit.
function isAnother(session: TokenSession, handle: Handle, publicKey: KeyObject): boolean {
  const modulus = session.attribute(handle, cka.modulus)
  if (publicKey.asymmetricKeyType !== 'rsa' || !modulus || modulus.length === 0) return false
  const { n = '' } = publicKey.export({ format: 'jwk' })
  return (
    BigInt(`0x${modulus.toString('hex')}`) !==
    BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`)
  )
}

/** A key as something that signs. Signatures of one session run one after the other. */
export function tokenKey(
  session: TokenSession,
  handle: Handle,
  algorithm: 'rsa' | 'ec',
  pin: PinForSignature,
): TokenKey {
  const always = session.attribute(handle, cka.alwaysAuthenticate)?.[0] === 1
  const authenticate = async (login: (pin: string | undefined) => void): Promise<void> => {
    const secret = await pin()
    try {
      login(secret)
    } catch (cause) {
      throw tokenFault(cause, 'logging in for the signature')
    }
  }
  const signOnce = async (bytes: Buffer, digest: Digest): Promise<Buffer> => {
    const asked = always ? authenticate : undefined
    if (algorithm === 'rsa') return session.sign(handle, rsaWithDigest[digest], bytes, asked)
    const hash = createHash(digest).update(bytes).digest()
    return ecdsaDer(await session.sign(handle, ecdsa, hash, asked))
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    algorithm,
    sign: (bytes, digest) => {
      const next = last.then(() => signOnce(bytes, digest))
      last = next.catch(() => undefined)
      return next
    },
  }
}

/** r and s side by side, as tokens give them, as Ecdsa-Sig-Value (RFC 3279 §2.2.3). */
export function ecdsaDer(signature: Buffer): Buffer {
  const half = signature.length / 2
  if (!Number.isInteger(half) || half === 0 || half > 66) {
    throw new KeyFault(
      'pkcs11_failed',
      'The PKCS#11 token answered with something that is no ECDSA signature.',
    )
  }
  const body = Buffer.concat([
    integer(signature.subarray(0, half)),
    integer(signature.subarray(half)),
  ])
  const length = body.length < 0x80 ? [body.length] : [0x81, body.length]
  return Buffer.concat([Buffer.from([0x30, ...length]), body])
}

function integer(unsigned: Buffer): Buffer {
  const first = unsigned.findIndex((byte) => byte !== 0)
  const digits = first === -1 ? Buffer.from([0]) : unsigned.subarray(first)
  const padded = (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits
  return Buffer.concat([Buffer.from([0x02, padded.length]), padded])
}
