import type { Certificate } from './certificate.ts'

/** Where a path begins and ends, and what may stand between. */
export interface PathSearch {
  readonly leaf: Certificate
  readonly intermediates: readonly Certificate[]
  readonly anchors: readonly Certificate[]
  /** Milliseconds since the epoch, and how far either end of a validity period may be off. */
  readonly now: number
  readonly skew: number
}

/**
 * The certificates from the leaf to one of the anchors, or undefined where there is no way (RFC 5280 §6). What
 * the client sends beyond what is needed is passed over: real clients send leaf, root and strangers too.
 */
export function findPath(search: PathSearch): Certificate[] | undefined {
  return extend([search.leaf], search)
}

function extend(path: readonly Certificate[], search: PathSearch): Certificate[] | undefined {
  const last = path.at(-1)
  if (last === undefined) return undefined
  const issues = (issuer: Certificate): boolean =>
    mayIssue(issuer, path.length - 1, search) && hasIssued(issuer, last)
  const anchor = search.anchors.find(issues)
  if (anchor !== undefined) return [...path, anchor]
  const used = new Set(path.map(({ x509 }) => x509.fingerprint256))
  for (const issuer of search.intermediates) {
    if (used.has(issuer.x509.fingerprint256) || !issues(issuer)) continue
    const found = extend([...path, issuer], search)
    if (found !== undefined) return found
  }
  return undefined
}

/** `below` counts the certificates of CAs between this one and the leaf. */
function mayIssue(issuer: Certificate, below: number, search: PathSearch): boolean {
  return (
    issuer.isCa &&
    issuer.keyUsage?.keyCertSign !== false &&
    issuer.strongSignature &&
    issuer.unknownCritical.length === 0 &&
    (issuer.pathLength === undefined || below <= issuer.pathLength) &&
    isValidAt(issuer, search)
  )
}

function hasIssued(issuer: Certificate, issued: Certificate): boolean {
  return (
    issued.issuerKey === issuer.subjectKey &&
    issued.strongSignature &&
    issued.x509.checkIssued(issuer.x509) &&
    issued.x509.verify(issuer.x509.publicKey)
  )
}

/** Whether now lies within the certificate's validity period. */
export function isValidAt(
  { notBefore, notAfter }: Certificate,
  { now, skew }: Pick<PathSearch, 'now' | 'skew'>,
): boolean {
  return notBefore <= now + skew && now - skew <= notAfter
}
