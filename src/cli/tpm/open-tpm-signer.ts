import { createHash } from 'node:crypto'
import { issuersOf, readCertificates, readIntermediates } from '../../keys/certificate.ts'
import { KeyFault } from '../../keys/key-fault.ts'
import { ecdsaDer } from '../../keys/pkcs11-key.ts'
import type { Digest, Signer } from '../../keys/signer.ts'
import { readBytes } from '../keys/read-bytes.ts'
import { type KeySettings, standardInput } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { createPrimary, flush, load, readPublic, sign } from './tpm-commands.ts'
import { connectTpm, type TpmConnection } from './tpm-connection.ts'
import { keyPassword } from './tpm-password.ts'
import { readTpmPublic } from './tpm-public.ts'
import { readTss2Key, type Tss2Key } from './tss2-key.ts'

const hashes: Readonly<Record<Digest, number>> = { sha256: 0x0b, sha384: 0x0c, sha512: 0x0d }
const schemes = { rsa: 0x14, ec: 0x18 } as const
const firstPersistent = 0x81000000

/** A signer for a key in a TPM 2.0: of a TSS2 file, or at a persistent handle. KeyFault when it can't be used. */
export async function openTpmSigner(
  keys: KeySettings,
  surroundings: Surroundings,
): Promise<Signer> {
  const source = await keySource(keys)
  const password = await keyPassword(source, keys, surroundings)
  const parentPassword = surroundings.env['TPM_PRIMARY_KEY_PASSWORD'] ?? ''
  const withKey = async <T>(
    use: (tpm: TpmConnection, handle: number) => Promise<T>,
  ): Promise<T> => {
    await using tpm = await connectTpm(surroundings)
    if (typeof source === 'number') return await use(tpm, source)
    return await withLoaded(tpm, source, parentPassword, (handle) => use(tpm, handle))
  }
  const { algorithm, publicKey } = await withKey(async (tpm, handle) =>
    readTpmPublic(await readPublic(tpm, handle)),
  )
  const { certificate, chain } = await certificates(keys)
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
async function keySource({ certificate, privateKey }: KeySettings): Promise<number | Tss2Key> {
  const handle = privateKey && /^handle:(?:0x)?([0-9a-f]{1,8})$/i.exec(privateKey)?.[1]
  if (handle) return Number.parseInt(handle, 16)
  if (privateKey?.startsWith('handle:')) {
    throw new KeyFault('bad_uri', 'A TPM handle is written in hexadecimal: handle:0x81000001.')
  }
  const bytes = (await readBytes(privateKey ?? certificate)) ?? Buffer.alloc(0)
  const found = await readTss2Key(bytes)
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

async function certificates(keys: KeySettings): Promise<Pick<Signer, 'certificate' | 'chain'>> {
  if (keys.certificate === undefined || keys.certificate === standardInput) {
    return { certificate: undefined, chain: [] }
  }
  const bytes = (await readBytes(keys.certificate)) ?? Buffer.alloc(0)
  const [certificate, ...rest] = readCertificates(bytes)
  const intermediates = await readBytes(keys.intermediates)
  const chain = intermediates ? readIntermediates(intermediates) : issuersOf(certificate, rest)
  return { certificate, chain }
}
