import { createPublicKey, type KeyObject } from 'node:crypto'
import { KeyFault } from '../key-fault.ts'
import { TpmReader } from './tpm-bytes.ts'

// TPM 2.0 Library, Part 2, §6.3 and §6.4; the curves' names are those of RFC 7518 §6.2.1.1.
const rsa = 0x01
const ecc = 0x23
const curves: Readonly<Record<number, string>> = { 3: 'P-256', 4: 'P-384', 5: 'P-521' }
const nothing = 0x10
const signs = 0x40000

/** A key as the TPM describes it (TPMT_PUBLIC, Part 2, §12.2.4). KeyFault `unsupported_key` for one that can't sign. */
export function readTpmPublic(bytes: Buffer): { algorithm: 'rsa' | 'ec'; publicKey: KeyObject } {
  const reader = new TpmReader(bytes)
  const type = reader.uint(2)
  reader.uint(2)
  const attributes = reader.uint(4)
  reader.sized()
  if ((attributes & signs) === 0) throw unsupported('is not made for signing')
  // A symmetric algorithm belongs to storage keys, and those don't sign.
  if (reader.uint(2) !== nothing) throw unsupported('is a storage key')
  if (reader.uint(2) !== nothing) reader.uint(2)
  if (type === rsa) {
    reader.uint(2)
    const exponent = reader.take(4)
    const e = exponent.readUInt32BE() === 0 ? Buffer.from([1, 0, 1]) : exponent
    const n = reader.sized().toString('base64url')
    const key = { kty: 'RSA', n, e: e.toString('base64url') }
    return { algorithm: 'rsa', publicKey: createPublicKey({ key, format: 'jwk' }) }
  }
  const crv = type === ecc ? curves[reader.uint(2)] : undefined
  if (crv === undefined) throw unsupported('is neither RSA nor of a NIST curve')
  if (reader.uint(2) !== nothing) reader.uint(2)
  const [x, y] = [reader.sized(), reader.sized()].map((part) => part.toString('base64url'))
  const key = { kty: 'EC', crv, x: x ?? '', y: y ?? '' }
  return { algorithm: 'ec', publicKey: createPublicKey({ key, format: 'jwk' }) }
}

function unsupported(why: string): KeyFault {
  return new KeyFault('unsupported_key', `The key in the TPM ${why}.`)
}
