import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** What a listener shows of itself, in PEM. */
export interface TlsKeyPair {
  readonly certificate: string
  readonly key: string
}

/** A listener's certificate with its chain, and its key. Rejects with an Error that names the file. */
export async function readTlsKeyPair(files: {
  readonly certificate: string
  readonly key: string
}): Promise<TlsKeyPair> {
  const certificate = await readFile(files.certificate, 'utf8')
  const key = await readFile(files.key, 'utf8')
  const leaf = parsed(
    () => new X509Certificate(certificate),
    files.certificate,
    'certificate in PEM',
  )
  const secret = parsed(
    () => createPrivateKey(key),
    files.key,
    'private key in PEM, or has a passphrase',
  )
  if (leaf.checkPrivateKey(secret)) return { certificate, key }
  throw new Error(`${files.key} is not the key of the first certificate in ${files.certificate}`)
}

function parsed<Value>(parse: () => Value, file: string, what: string): Value {
  try {
    return parse()
  } catch (cause) {
    throw new Error(`${file} holds no ${what}`, { cause })
  }
}
