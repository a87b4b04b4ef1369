import { refuse } from '../certificate-refusal.ts'

const pemBlock =
  /-----BEGIN CERTIFICATE-----\r?\n((?:[A-Za-z0-9+/]{1,76}={0,2}\r?\n){1,400})-----END CERTIFICATE-----(?:\r?\n|$)/y
const mostBlocks = 9

/** DER from base64 as RFC 4648 §4 has it, with its padding and nothing else. Throws CertificateRefusal. */
export function decodeBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  // Node skips what it doesn't know, so only what comes out the same again was base64.
  if (text === '' || bytes.toString('base64') !== text) {
    refuse('certificate_header_malformed', 'not base64')
  }
  return bytes
}

/** The certificates of percent-encoded PEM, with nothing before, between or after them. Throws CertificateRefusal. */
export function decodeEscapedPem(text: string): readonly [Buffer, ...Buffer[]] {
  const pem = unescapePercent(text)
  const found: Buffer[] = []
  pemBlock.lastIndex = 0
  let at = 0
  for (let block = pemBlock.exec(pem); block; block = pemBlock.exec(pem)) {
    at = pemBlock.lastIndex
    found.push(decodeBase64((block[1] ?? '').replaceAll(/\r?\n/g, '')))
    if (found.length > mostBlocks) refuse('certificate_too_large', 'too many certificates')
  }
  const [first, ...rest] = found
  if (!first || at !== pem.length) {
    return refuse('certificate_header_malformed', 'not PEM, or more than PEM')
  }
  return [first, ...rest]
}

/** The one certificate of percent-encoded PEM. Throws CertificateRefusal. */
export function decodeOneEscapedPem(text: string): Buffer {
  const [only, ...others] = decodeEscapedPem(text)
  if (others.length > 0) refuse('certificate_header_ambiguous', `${others.length + 1} certificates`)
  return only
}

/** RFC 3986 §2.1: `+` is a plus sign, unlike in forms. */
function unescapePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    return refuse('certificate_header_malformed', 'not percent-encoded', cause)
  }
}
