import { type AwsFault, AwsRefused, AwsUnavailable, BrokerError } from '../errors.ts'
import { advise } from './advise.ts'
import { assertionAdvice } from './assertion-advice.ts'
import { callerAdvice } from './caller-advice.ts'
import { AwsThrottled } from './aws-throttled.ts'
import { noAnswer } from './no-answer.ts'
import { requestAdvice } from './request-advice.ts'
import { trustAdvice } from './trust-advice.ts'
import { brokeOff, type Target, unreachable } from './unreachable.ts'

/** A call that failed, as far as it can be told without repeating a byte of a request or of a half answer. */
export interface Failure {
  readonly error: BrokerError
  /**
   * Throttled, a fault of AWS's own, a connection that broke, or an answer that is none: the same call may succeed later.
   * When AWS has issued and its answer was lost, what it issued is nobody's.
   */
  readonly retryable: boolean
  /** What AWS said; undefined when it said nothing that could be read. */
  readonly fault: AwsFault | undefined
}

/** What a failed SDK call means. The SDK's error is not kept: its hidden fields hold the raw answer. */
export function failureOf(error: unknown, operation: string, target: Target): Failure {
  // Base credentials that Postern gets by itself fail with words of ours.
  if (error instanceof BrokerError) return { error, retryable: false, fault: undefined }
  const said = faultOf(error, operation)
  const status = said?.status ?? statusOf(error)
  if (status === 429 || (said && throttlingCode.test(said.code)))
    return { error: throttled(operation, said), retryable: true, fault: said }
  if (status !== undefined && status >= 500)
    return { error: broken(operation, status, said), retryable: true, fault: said }
  if (said) return { error: advise(said, advice), retryable: false, fault: said }
  const none = noBaseCredentials(error, operation)
  if (none) return { error: none, retryable: false, fault: undefined }
  const away = unreachable(error, target)
  if (away) return { error: away, retryable: brokeOff(error), fault: undefined }
  const why =
    status === undefined
      ? 'the answer could not be read'
      : `status ${status} without an answer of AWS`
  return { error: noAnswer(operation, target, why), retryable: true, fault: undefined }
}

const advice = [...trustAdvice, ...requestAdvice, ...callerAdvice, ...assertionAdvice]

function throttled(operation: string, fault: AwsFault | undefined): AwsThrottled {
  const why = fault ? `${fault.code} (request ${fault.requestId ?? 'unknown'})` : 'status 429'
  return new AwsThrottled(`${operation}: ${why}`)
}

function broken(operation: string, status: number, fault: AwsFault | undefined): AwsUnavailable {
  const more = fault ? ` ${fault.code} (request ${fault.requestId ?? 'unknown'})` : ''
  return new AwsUnavailable('AWS has a fault of its own at the moment. Try again in a minute.', {
    detail: `${operation}: status ${status}${more}`,
  })
}

/** Texts of the SDK that are known to hold no secret; a credential_process may print anything. */
const harmless =
  /^(?:Could not (?:load|resolve|find) |The SSO session |Profile )[\x20-\x7e]{1,200}$/

function noBaseCredentials(error: unknown, operation: string): AwsRefused | undefined {
  if (
    !(error instanceof Error) ||
    !/^(?:CredentialsProvider|TokenProvider|Provider)Error$/.test(error.name)
  )
    return undefined
  const message = harmless.test(error.message)
    ? error.message
    : 'Base credentials could not be loaded.'
  return new AwsRefused(
    'Postern has no AWS credentials of its own, so it can not assume roles.',
    {
      causes: [
        'Neither environment, files, container nor instance gave Postern credentials, or they have ended.',
      ],
      remedies: [
        'Give Postern an instance profile, a container role or an access key, or name a `profile` for the issuer.',
      ],
    },
    { operation, status: undefined, code: error.name, message, requestId: undefined },
  )
}

const throttlingCode =
  /^(?:Throttling|ThrottlingException|ThrottledException|RequestThrottled(?:Exception)?|RequestLimitExceeded|TooManyRequestsException|SlowDown|BandwidthLimitExceeded)$/

/** AWS's own words, when the error is one that AWS named (`ErrorResponse` of the query protocol). */
function faultOf(error: unknown, operation: string): AwsFault | undefined {
  if (!(error instanceof Error) || !('$fault' in error)) return undefined
  const status = statusOf(error)
  // The SDK's name for an answer without a code.
  if (error.name === 'Unknown' || error.name === 'UnknownError') return undefined
  return {
    operation,
    status,
    code: printable(error.name, 100),
    message: printable(error.message, 1000),
    requestId: requestIdOf(error),
  }
}

function statusOf(error: unknown): number | undefined {
  const status = field(field(error, '$metadata'), 'httpStatusCode')
  return typeof status === 'number' ? status : undefined
}

/** AWS's request ID, from the header or from the body. */
function requestIdOf(error: unknown): string | undefined {
  const ids = [field(field(error, '$metadata'), 'requestId'), field(error, 'RequestId')]
  const id = ids.find(
    (candidate) => typeof candidate === 'string' && /^[\w-]{1,100}$/.test(candidate),
  )
  return typeof id === 'string' ? id : undefined
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

function printable(text: string, maxLength: number): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, maxLength)
}
