import { headerValues, type SandboxRequest } from '../http/request.ts'
import { StsError } from '../sts/sts-error.ts'

/** What the client says about its signature, from the Authorization header or from a presigned URL. */
export interface Authorization {
  readonly algorithm: string
  readonly credential: string
  /** Exactly the client's list, lower case, in its order. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** As sent; `YYYYMMDDTHHMMSSZ` when well formed. */
  readonly date: string
  readonly securityToken: string | undefined
  /** Seconds, of a presigned request. */
  readonly expires: number | undefined
}

const ALGORITHM = 'AWS4-HMAC-SHA256'

export function incompleteSignature(message: string): StsError {
  return new StsError(400, 'IncompleteSignature', message)
}

/** Finds the signature's parts, or undefined for an unsigned request. Throws IncompleteSignature for half of one. */
export function parseAuthorization(request: SandboxRequest): Authorization | undefined {
  const headers = headerValues(request, 'authorization')
  const { values } = request.form
  const inQuery = values.get('X-Amz-Algorithm') ?? values.get('X-Amz-Signature')
  if (headers.length > 1 || (headers.length === 1 && inQuery !== undefined)) {
    // AWS does not document which of two signatures counts; neither does here.
    throw incompleteSignature('The request carries more than one signature.')
  }
  const [header] = headers
  if (header !== undefined) return fromHeader(header, request)
  return inQuery === undefined ? undefined : fromQuery(values)
}

function fromHeader(header: string, request: SandboxRequest): Authorization {
  const space = header.indexOf(' ')
  const algorithm = space < 0 ? header : header.slice(0, space)
  if (!algorithm.startsWith('AWS4-')) {
    throw incompleteSignature(`Unsupported AWS 'algorithm': '${algorithm}'.`)
  }
  const parts = keyValues(space < 0 ? '' : header.slice(space + 1), header)
  const dates = [headerValues(request, 'x-amz-date'), headerValues(request, 'date')]
  const date = dates.find((values) => values.length > 0)
  const missing = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => (parts.get(name) ?? '') === '')
    .map((name) => `Authorization header requires '${name}' parameter.`)
  if (date === undefined) {
    missing.push(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    )
  }
  if (missing.length > 0) {
    throw incompleteSignature(`${missing.join(' ')} Authorization=${algorithm}`)
  }
  const tokens = headerValues(request, 'x-amz-security-token')
  if (tokens.length > 1 || (date?.length ?? 0) > 1) {
    throw incompleteSignature('The request repeats a header that its signature depends on.')
  }
  return {
    algorithm,
    credential: parts.get('Credential') ?? '',
    signedHeaders: (parts.get('SignedHeaders') ?? '').toLowerCase().split(';'),
    signature: parts.get('Signature') ?? '',
    date: date?.[0] ?? '',
    securityToken: tokens[0],
    expires: undefined,
  }
}

function keyValues(text: string, header: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const pair of text.split(',').map((part) => part.trim())) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    if (at < 0) {
      throw incompleteSignature(
        `'${pair}' not a valid key=value pair (missing equal-sign) in Authorization header: '${header}'.`,
      )
    }
    const name = pair.slice(0, at).trim()
    if (parts.has(name)) throw incompleteSignature(`The Authorization header repeats '${name}'.`)
    parts.set(name, pair.slice(at + 1).trim())
  }
  return parts
}

function fromQuery(values: ReadonlyMap<string, string>): Authorization {
  const value = (name: string): string => values.get(name) ?? ''
  const needed = ['Algorithm', 'Credential', 'Signature', 'SignedHeaders', 'Date']
  const missing = needed
    .map((name) => `X-Amz-${name}`)
    .filter((name) => value(name) === '')
    .map((name) => `AWS query-string parameters must include '${name}'.`)
  if (missing.length > 0) {
    throw incompleteSignature(`${missing.join(' ')} Re-examine the query-string parameters.`)
  }
  return {
    algorithm: value('X-Amz-Algorithm'),
    credential: value('X-Amz-Credential'),
    signedHeaders: value('X-Amz-SignedHeaders').toLowerCase().split(';'),
    signature: value('X-Amz-Signature'),
    date: value('X-Amz-Date'),
    securityToken: values.get('X-Amz-Security-Token'),
    expires: readExpires(values.get('X-Amz-Expires')),
  }
}

function readExpires(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,6}$/.test(text) || Number(text) > 604_800) {
    throw incompleteSignature('X-Amz-Expires must be a number of seconds, at most 604800.')
  }
  return Number(text)
}

/** Only the HMAC form; the X.509 forms are Roles Anywhere's. */
export function requireSupportedAlgorithm(authorization: Authorization): void {
  if (authorization.algorithm === ALGORITHM) return
  throw incompleteSignature(`Unsupported AWS 'algorithm': '${authorization.algorithm}'.`)
}
