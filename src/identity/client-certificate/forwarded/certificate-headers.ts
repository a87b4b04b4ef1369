import { refuse } from '../certificate-refusal.ts'

const longestHeader = 16_384

/** Headers that carry certificates through some proxy or other; nobody but the configured proxy may send any of them. */
const knownCertificateHeaders: readonly string[] = [
  'client-cert',
  'client-cert-chain',
  'x-forwarded-client-cert',
  'x-amzn-mtls-clientcert',
  'x-amzn-mtls-clientcert-leaf',
  'x-client-cert',
  'x-ssl-cert',
  'x-ssl-client-cert',
  'x-ssl-client-chain',
  'x-ssl-client-der',
  'x-ssl-client-used',
  'x-ssl-client-verify',
  'ssl-client-cert',
  'ssl-client-verify',
]

/**
 * The value of each named header, from the headers as they were sent: joined or overwritten duplicates are an attacker's
 * way to be read by one and overlooked by another. Throws CertificateRefusal for a header that stands there twice, in a
 * second spelling with underscores, or beyond 16 KB.
 */
export function certificateHeaders(
  rawHeaders: readonly string[],
  names: readonly string[],
): ReadonlyMap<string, string> {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  const found = new Map<string, string>()
  for (const [name, value] of headerPairs(rawHeaders)) {
    const plain = name.replaceAll('_', '-')
    if (!wanted.has(plain) && !wanted.has(name)) continue
    if (!wanted.has(name)) refuse('certificate_header_ambiguous', `${name} beside ${plain}`)
    if (found.has(name)) refuse('certificate_header_ambiguous', `${name} twice`)
    if (value.length > longestHeader)
      refuse('certificate_too_large', `${name} of ${value.length} characters`)
    found.set(name, value)
  }
  return found
}

/** The first of the headers that are there, in whatever spelling; for requests that may carry none. */
export function firstCertificateHeader(
  rawHeaders: readonly string[],
  names: readonly string[] = knownCertificateHeaders,
): string | undefined {
  const wanted = new Set(names.map((name) => name.toLowerCase().replaceAll('_', '-')))
  return headerPairs(rawHeaders)
    .map(([name]) => name)
    .find((name) => wanted.has(name.replaceAll('_', '-')))
}

/** Whether a request carries a certificate in that header, in whatever spelling. Proxies send empty ones without. */
export function bringsForwarded(rawHeaders: readonly string[], name: string): boolean {
  const wanted = name.toLowerCase().replaceAll('_', '-')
  return headerPairs(rawHeaders).some(
    ([found, value]) => found.replaceAll('_', '-') === wanted && value.trim() !== '',
  )
}

function headerPairs(rawHeaders: readonly string[]): readonly (readonly [string, string])[] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
  )
}
