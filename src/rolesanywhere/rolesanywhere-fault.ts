import { type AwsFault, BrokerError } from '../errors.ts'

/** CreateSession was refused; `fault` has AWS's own code, message and request ID. */
export class RolesAnywhereFault extends BrokerError {
  readonly code = 'aws_refused'
  readonly status = 502
  readonly fault: AwsFault
  /** How often the request was sent. */
  readonly attempts: number
  /** Whether it may pass by itself: throttling, or a failure of AWS's own. */
  readonly mayPass: boolean
  /** How far AWS's clock is ahead of ours, where its answer said so. A few minutes make signatures invalid. */
  readonly clockSkewSeconds: number | undefined

  constructor(
    fault: AwsFault,
    about: { attempts: number; mayPass: boolean; clockSkewSeconds: number | undefined },
  ) {
    super(
      `AWS refused the role session: ${fault.message.replace(/[. ]{1,8}$/, '')} (${fault.code}).`,
      {
        detail: `CreateSession: HTTP ${fault.status ?? 0}, request ID ${fault.requestId ?? 'none'}, attempts ${about.attempts}`,
      },
    )
    this.fault = fault
    this.attempts = about.attempts
    this.mayPass = about.mayPass
    this.clockSkewSeconds = about.clockSkewSeconds
  }
}

// The codes that AWS's SDKs take for throttling, whatever the HTTP status.
const throttling = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
])

/** Whether the same request, signed anew, may succeed. */
export function isPassing({ status = 0, code }: Pick<AwsFault, 'status' | 'code'>): boolean {
  return status >= 500 || status === 429 || throttling.has(code)
}

const longestText = 2_000

/** An error as restJson1 writes it: code and message from header and body (Smithy, "AWS restJson1 protocol"). */
export function readFault(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
): AwsFault {
  const fields = jsonObject(body)
  const named = text(headers['x-amzn-errortype']) ?? text(fields['__type']) ?? text(fields['code'])
  const code = /^[A-Za-z0-9_.-]{1,128}$/.exec(named?.split(':')[0]?.split('#').at(-1) ?? '')?.[0]
  return {
    operation: 'CreateSession',
    status,
    code: code ?? `HTTP ${status}`,
    message: printable(text(fields['message']) ?? text(fields['Message']) ?? 'it gave no reason'),
    requestId: requestId(headers),
  }
}

/** AWS's request ID, as CloudTrail has it. */
export function requestId(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): string | undefined {
  return /^[\w-]{1,128}$/.exec(text(headers['x-amzn-requestid']) ?? '')?.[0]
}

/** An object's fields, or none where the text is no JSON object. */
export function jsonObject(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body)
    return isRecord(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

// It ends on terminals and in logs.
function printable(message: string): string {
  return message.slice(0, longestText).replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
}
