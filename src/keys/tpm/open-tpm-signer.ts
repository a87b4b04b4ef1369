import { createHash } from 'node:crypto'
import { issuersOf, readCertificates, readIntermediates } from '../certificate.ts'
import { KeyFault } from '../key-fault.ts'
import { ecdsaDer } from '../pkcs11-key.ts'
import type { Digest, Signer } from '../signer.ts'
import { createPrimary, flush, load, readPublic, sign } from './tpm-commands.ts'
import { connectTpm, type TpmConnection } from './tpm-connection.ts'
import { readTpmPublic } from './tpm-public.ts'
import { readTss2Key, type Tss2Key } from './tss2-key.ts'

/** Where a key in a TPM is, and what speaks for it. */
export interface TpmKeyMaterial {
  /** `handle:0x81000001`, or the bytes of a file with a TSS2 PRIVATE KEY. */
  readonly key: string | Buffer
  /** PEM or DER. */
  readonly certificate?: Buffer | undefined
  /** Sent as they are; without them, what the certificate's own file holds above it. */
  readonly intermediates?: Buffer | undefined
}

export interface TpmOptions {
  /** Device or UNIX socket; default the kernel's. */
  readonly device: string | undefined
  readonly parentPassword: string
  /** Gives the password of the key; asked whether the key is known to need one, which a handle does not tell. */
  readonly password: (needsOne: boolean | undefined) => string | Promise<string>
}

const hashes: Readonly<Record<Digest, number>> = { sha256: 0x0b, sha384: 0x0c, sha512: 0x0d }
const schemes = { rsa: 0x14, ec: 0x18 } as const
const firstPersistent = 0x81000000

/** A signer for a key in a TPM 2.0: of a TSS2 file, or at a persistent handle. KeyFault when it can't be used. */
export async function openTpmSigner(
  material: TpmKeyMaterial,
  options: TpmOptions,
): Promise<Signer> {
  const source = await keySource(material.key)
  const password = await options.password(
    typeof source === 'number' ? undefined : source.needsPassword,
  )
  const withKey = async <T>(
    use: (tpm: TpmConnection, handle: number) => Promise<T>,
  ): Promise<T> => {
    await using tpm = await connectTpm(options.device)
    if (typeof source === 'number') return await use(tpm, source)
    return await withLoaded(tpm, source, options.parentPassword, (handle) => use(tpm, handle))
  }
  const { algorithm, publicKey } = await withKey(async (tpm, handle) =>
    readTpmPublic(await readPublic(tpm, handle)),
  )
  const { certificate, chain } = certificates(material)
  if (certificate && !certificate.publicKey.equals(publicKey)) {
    throw new KeyFault(
      'key_mismatch',
      'The key in the TPM does not belong to the certificate. Give the key that the certificate was issued for.',
    )
  }
  const signOnce = (bytes: Buffer, digest: Digest): Promise<Buffer> =>
    withKey(async (tpm, handle) => {
      const hashed = createHash(digest).update(bytes).digest()
      const algorithms = { scheme: schemes[algorithm], hash: hashes[digest] }
      const signature = await sign(tpm, { handle, password }, hashed, algorithms)
      if (algorithm === 'rsa') return signature.sized()
      const [r, s] = [signature.sized(), signature.sized()]
      const size = Math.max(r.length, s.length)
      const padded = [r, s].map((part) => Buffer.concat([Buffer.alloc(size - part.length), part]))
      return ecdsaDer(Buffer.concat(padded))
    })
  let last: Promise<unknown> = Promise.resolve()
  return {
    algorithm,
    publicKey,
    certificate,
    chain,
    sign: (bytes, digest) => {
      const next = last.then(() => signOnce(bytes, digest))
      last = next.catch(() => undefined)
      return next
    },
    close: () => Promise.resolve(),
  }
}

/** A persistent handle, or a key file. */
async function keySource(key: string | Buffer): Promise<number | Tss2Key> {
  if (typeof key === 'string') {
    const handle = /^handle:(?:0x)?([0-9a-f]{1,8})$/i.exec(key)?.[1]
    if (handle) return Number.parseInt(handle, 16)
    throw new KeyFault('bad_uri', 'A TPM handle is written in hexadecimal: handle:0x81000001.')
  }
  const found = await readTss2Key(key)
  if (found) return found
  throw new KeyFault('no_private_key', 'There is no TSS2 PRIVATE KEY in the file.')
}

async function withLoaded<T>(
  tpm: TpmConnection,
  key: Tss2Key,
  password: string,
  use: (handle: number) => Promise<T>,
): Promise<T> {
  const persistent = key.parent >= firstPersistent && key.parent < firstPersistent + 0x1000000
  const parent = persistent
    ? key.parent
    : await createPrimary(tpm, { handle: key.parent, password })
  try {
    // A primary that was just made has no password of its own.
    const handle = await load(tpm, { handle: parent, password: persistent ? password : '' }, key)
    try {
      return await use(handle)
    } finally {
      await flush(tpm, handle)
    }
  } finally {
    if (!persistent) await flush(tpm, parent)
  }
}

function certificates(material: TpmKeyMaterial): Pick<Signer, 'certificate' | 'chain'> {
  if (!material.certificate) return { certificate: undefined, chain: [] }
  const [certificate, ...rest] = readCertificates(material.certificate)
  const { intermediates } = material
  const chain = intermediates ? readIntermediates(intermediates) : issuersOf(certificate, rest)
  return { certificate, chain }
}
