import { AwsUnavailable } from '../errors.ts'

/** Whom Postern tried to reach, and the setting that can send it elsewhere. */
export interface Target {
  readonly host: string
  /** `aws.endpoints.sts`. */
  readonly setting: string
}

interface Reason {
  readonly codes: RegExp
  readonly happened: string
  readonly todo: string
  /** Whether asking again at once may help. */
  readonly passing?: true
}

const reasons: readonly Reason[] = [
  {
    codes: /^(?:ENOTFOUND|EAI_AGAIN|EAI_NONAME|EAI_FAIL|ENODATA|ESERVFAIL)$/,
    happened: 'the name can not be resolved',
    todo: 'Check the region, and the DNS of the machine that Postern runs on.',
  },
  {
    codes:
      /^(?:UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED)$/,
    happened: 'its certificate is from an authority that Postern does not know',
    todo: 'If a proxy of yours opens TLS, add its authority to the extra CA.',
  },
  {
    codes:
      /^(?:CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|ERR_TLS_CERT_ALTNAME_INVALID|CERT_REVOKED|EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/,
    happened: 'the TLS connection failed',
    todo: 'Check the clock, and what stands between Postern and AWS.',
  },
  {
    codes: /^(?:ERR_PROXY_\w+|PROXY_\d{3})$/,
    happened: 'the proxy let nothing through',
    todo: 'Check HTTPS_PROXY, NO_PROXY, and the user name and password of the proxy.',
  },
  {
    codes: /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL|EACCES|EPERM)$/,
    happened: 'nothing there takes the connection',
    todo: 'Check firewall and HTTPS_PROXY.',
    passing: true,
  },
  {
    codes: /^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|HPE_\w+)$/,
    happened: 'the connection broke off before the answer',
    todo: 'Try again. If it stays, check firewall and HTTPS_PROXY.',
    passing: true,
  },
  {
    codes:
      /^(?:ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT|TimeoutError|AbortError)$/,
    happened: 'no answer came in time',
    todo: 'Try again. If it stays, check firewall and HTTPS_PROXY.',
  },
]

/** Why a request never got an answer; undefined when the error is of another kind. Nothing of the request is repeated. */
export function unreachable(error: unknown, target: Target): AwsUnavailable | undefined {
  const found = codesOf(error)
  const reason = reasonFor(found)
  if (!reason) return undefined
  const elsewhere = `${target.setting} can name another endpoint.`
  return new AwsUnavailable(
    `Postern could not reach AWS at ${target.host}: ${reason.happened}. ${reason.todo} ${elsewhere}`,
    { detail: `${target.host}: ${found.join(', ')}` },
  )
}

/** Whether a request that never got an answer may get one at once: the connection was refused or broke, no time was lost. */
export function brokeOff(error: unknown): boolean {
  return reasonFor(codesOf(error))?.passing === true
}

/** A code says more than a name: the SDK calls a reset connection a TimeoutError. */
function reasonFor(found: readonly string[]): Reason | undefined {
  const known = found.map((code) => reasons.find(({ codes }) => codes.test(code)))
  return known.find((reason) => reason !== undefined)
}

const refusedByProxy = /prox.*?\b([345]\d\d)\b/i

/** Codes from the outside in: of the error, of those it collects (happy eyeballs), of its causes; then names. */
function codesOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 4) return []
  const code = 'code' in error && typeof error.code === 'string' ? [error.code] : []
  const proxy = refusedByProxy.exec(error.message)?.[1]
  const collected: readonly unknown[] = error instanceof AggregateError ? error.errors : []
  const inner = [error.cause, ...collected]
  return [
    ...(proxy === undefined ? [] : [`PROXY_${proxy}`]),
    ...code,
    ...inner.flatMap((cause) => codesOf(cause, depth + 1)),
    error.name,
  ]
}
