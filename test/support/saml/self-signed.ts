import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A key pair with a self-signed certificate, PEM. */
export interface TestKey {
  readonly privateKey: string
  readonly publicKey: string
  readonly certificate: string
}

export interface TestKeyOptions {
  readonly subject?: string
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly bits?: number
}

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const size = Buffer.from(body.length.toString(16).padStart(body.length > 255 ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, body])
}

const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts)
const sha256WithRsa = sequence(Buffer.from('06092a864886f70d01010b', 'hex'), der(0x05))

function time(date: Date): Buffer {
  return der(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, ''), 'latin1'))
}

function commonName(name: string): Buffer {
  const value = sequence(Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(name)))
  return sequence(der(0x31, value))
}

/** A fresh RSA key with a certificate for it (RFC 5280 §4.1), valid for a day around now unless told otherwise. */
export function makeTestKey(options: TestKeyOptions = {}): TestKey {
  const { subject = 'test', bits = 2048 } = options
  const { notBefore = new Date(Date.now() - 86_400_000) } = options
  const { notAfter = new Date(Date.now() + 86_400_000) } = options
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return { ...pem(privateKey, publicKey), certificate: certify() }

  function certify(): string {
    const name = commonName(subject)
    const toBeSigned = sequence(
      der(0xa0, der(0x02, Buffer.from([2]))),
      der(0x02, Buffer.from([1])),
      sha256WithRsa,
      name,
      sequence(time(notBefore), time(notAfter)),
      name,
      publicKey.export({ type: 'spki', format: 'der' }),
    )
    const signature = sign('sha256', toBeSigned, privateKey)
    const bytes = sequence(
      toBeSigned,
      sha256WithRsa,
      der(0x03, Buffer.concat([Buffer.from([0]), signature])),
    )
    const lines = bytes.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
    return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
  }
}

function pem(privateKey: KeyObject, publicKey: KeyObject): Omit<TestKey, 'certificate'> {
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}
