import { createHash, type KeyObject } from 'node:crypto'
import { serialDecimal } from '../../keys/certificate.ts'
import type { Digest, Signer } from '../../keys/signer.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { openSigningKey } from '../keys/open-signing-key.ts'
import { keySettings } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'
import { withProgress } from '../terminal/progress.ts'

const digests: Readonly<Record<string, Digest>> = {
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
}
// What AWS's helper signs, byte for byte: whoever has its signatures can verify ours.
const text = 'AWS Roles Anywhere Credential Helper Signing Test'

/** Signs the fixed string and prints the signature. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  return withProgress('Signing', surroundings, (inner) => sign(flags, inner))
}

async function sign(flags: Flags, surroundings: Surroundings): Promise<number> {
  const key = openSigningKey(keySettings(flags, surroundings), surroundings)
  try {
    const signer = await key.current()
    const digest = digests[flags.text('digest')] ?? 'sha256'
    const signature = await signer.sign(fixedString(signer), digest)
    if (flags.isOn('json')) printJson(described(signature, signer, digest), surroundings)
    else surroundings.stdout(rendered(signature, flags.text('format')))
    return 0
  } finally {
    await key.close()
  }
}

function described(signature: Buffer, { algorithm, certificate }: Signer, digest: Digest) {
  return {
    algorithm,
    // ML-DSA signs the text itself.
    digest: algorithm === 'ml-dsa' ? undefined : digest.toUpperCase(),
    serialNumber: certificate && serialDecimal(certificate),
    signature: signature.toString('hex'),
  }
}

function rendered(signature: Buffer, format: string): string | Buffer {
  if (format === 'bin') return signature
  const hex = signature.toString('hex')
  return format === 'text' ? hex : JSON.stringify(hex)
}

/** The string, and a suffix that ties it to the key where the helper knows one. */
function fixedString({ algorithm, publicKey, certificate }: Signer): Buffer {
  if (algorithm === 'ml-dsa' || !publicKey || !certificate) return Buffer.from(text)
  const digest = createHash('sha256').update('IAM RA').update(encoded(publicKey)).digest()
  return Buffer.concat([Buffer.from(`${text}1`), digest])
}

/** RSAPublicKey (RFC 8017 §A.1.1), or the uncompressed point (SEC 1 §2.3.3). */
function encoded(key: KeyObject): Buffer {
  if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs1', format: 'der' })
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  return Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
}
