import { createDecipheriv, createHash } from 'node:crypto'

// SHA-1's block, in bytes: "v" of RFC 7292 §B.2.
const block = 64

/** What PBEParameter holds (RFC 8018 §A.3, used by RFC 7292 §C). */
export interface PbeParameters {
  readonly salt: Buffer
  readonly iterations: number
}

/**
 * Undoes pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 §C), which Windows and OpenSSL 1 write. Throws when the password is
 * wrong. An empty password has two encodings in the field: a lone terminator, and nothing at all.
 */
export function decryptTripleDes(ciphertext: Buffer, password: string, pbe: PbeParameters): Buffer {
  const terminated = Buffer.from(`${password}\0`, 'utf16le').swap16()
  try {
    return decryptWith(terminated, ciphertext, pbe)
  } catch (error) {
    if (password !== '') throw error
    return decryptWith(Buffer.alloc(0), ciphertext, pbe)
  }
}

function decryptWith(password: Buffer, ciphertext: Buffer, pbe: PbeParameters): Buffer {
  const key = derive(1, 24, password, pbe)
  const iv = derive(2, 8, password, pbe)
  const decipher = createDecipheriv('des-ede3-cbc', key, iv)
  return Buffer.concat([decipher.update(ciphertext), decipher.final()])
}

/** The key derivation of RFC 7292 §B.2 with SHA-1; `id` says what for (§B.3). */
function derive(id: number, length: number, password: Buffer, pbe: PbeParameters): Buffer {
  const diversifier = Buffer.alloc(block, id)
  const input = Buffer.concat([filled(pbe.salt), filled(password)])
  const output: Buffer[] = []
  for (let got = 0; got < length; got += 20) {
    let digest = Buffer.concat([diversifier, input])
    for (let round = 0; round < pbe.iterations; round += 1) {
      digest = createHash('sha1').update(digest).digest()
    }
    output.push(digest)
    const addend = BigInt(`0x${Buffer.alloc(block, digest).toString('hex')}`) + 1n
    for (let at = 0; at < input.length; at += block) add(input.subarray(at, at + block), addend)
  }
  return Buffer.concat(output).subarray(0, length)
}

function filled(bytes: Buffer): Buffer {
  return bytes.length === 0 ? bytes : Buffer.alloc(block * Math.ceil(bytes.length / block), bytes)
}

function add(target: Buffer, addend: bigint): void {
  const sum = BigInt.asUintN(block * 8, BigInt(`0x${target.toString('hex')}`) + addend)
  target.write(sum.toString(16).padStart(block * 2, '0'), 'hex')
}
