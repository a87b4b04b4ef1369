/**
 * A failure that the broker foresaw. `message` may be shown to anyone and says what happened, why, and what to do;
 * `detail` and `cause` are for the log only.
 */
export abstract class BrokerError extends Error {
  /** The protocol's own code where there is one (RFC 6749 §5.2, RFC 8628 §3.5), else a word of ours. */
  abstract readonly code: string
  /** The HTTP status (RFC 9110 §15). */
  abstract readonly status: number
  readonly detail: string | undefined

  constructor(message: string, { detail, cause }: { detail?: string; cause?: unknown } = {}) {
    super(message, { cause })
    this.name = new.target.name
    this.detail = detail
  }
}

/** The request is malformed: a missing, repeated, oversized or wrongly typed field. */
export class InvalidRequest extends BrokerError {
  readonly code = 'invalid_request'
  readonly status = 400
}

/** A duration outside what the role or AWS allows. Refused rather than clamped, so that nobody is surprised later. */
export class InvalidDuration extends BrokerError {
  readonly code = 'invalid_duration'
  readonly status = 400
}

/** A console destination that is not a console host of the role's partition. */
export class InvalidDestination extends BrokerError {
  readonly code = 'invalid_destination'
  readonly status = 400
}

/** Nobody is signed in, or the browser session has ended. */
export class SignInRequired extends BrokerError {
  readonly code = 'login_required'
  readonly status = 401
}

/** Somebody is signed in, and that no longer counts for anything: nobody can vouch for them without a new sign-in. */
export class SignInAgain extends SignInRequired {}

/** The sign-in at an identity provider is too old for AWS; whoever can, sends the person there once more. */
export class SignInTooOld extends SignInRequired {
  /** ID of the sign-in method. */
  readonly method: string

  constructor(method: string) {
    super('AWS takes a sign-in for five minutes only. Sign in at your company once more.')
    this.method = method
  }
}

/** The sign-in failed. One message for every cause, so that nobody learns which part was right. */
export class SignInFailed extends BrokerError {
  readonly code = 'access_denied'
  readonly status: number = 401
}

/** The identity is known, and has no entitlement to what it asked for, whether or not that exists. */
export class AccessDenied extends BrokerError {
  readonly code = 'access_denied'
  readonly status = 403
}

/** A request from another site, or a form whose token is not this browser session's. */
export class CrossSiteRequest extends BrokerError {
  readonly code = 'cross_site_request'
  readonly status = 403
}

/** Nothing lives at this address, or it is not this browser's to see. */
export class NotFound extends BrokerError {
  readonly code = 'not_found'
  readonly status = 404
}

/** The path exists, and not for this method (RFC 9110 §15.5.6). */
export class MethodNotAllowed extends BrokerError {
  readonly code = 'method_not_allowed'
  readonly status = 405
  readonly allow: readonly string[]

  constructor(allow: readonly string[]) {
    super('That address does not take this kind of request.')
    this.allow = allow
  }
}

/** The body is larger than the route takes (RFC 9110 §15.5.14). */
export class ContentTooLarge extends BrokerError {
  readonly code = 'invalid_request'
  readonly status = 413
}

/** The body is of a type or in an encoding that the route does not take (RFC 9110 §15.5.16). */
export class UnsupportedMediaType extends BrokerError {
  readonly code = 'invalid_request'
  readonly status = 415
}

/** The Host is not one of ours (RFC 9110 §15.5.20). */
export class MisdirectedRequest extends BrokerError {
  readonly code = 'misdirected_request'
  readonly status = 421
}

/** The identity provider of a sign-in method can't be used now: nothing valid is known of it. */
export class ProviderUnavailable extends BrokerError {
  readonly code = 'temporarily_unavailable'
  readonly status = 503
}

/** Too many tries from one address or for one user; `retryAfterSeconds` goes into Retry-After (RFC 6585 §4). */
export class TooManyRequests extends BrokerError {
  readonly code = 'slow_down'
  readonly status = 429
  readonly retryAfterSeconds: number

  constructor(message: string, retryAfterSeconds: number, detail?: string) {
    super(message, detail === undefined ? {} : { detail })
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** What AWS said when it refused: its code, its words and its request ID, for the administrator. */
export interface AwsFault {
  readonly operation: string
  readonly status: number | undefined
  readonly code: string
  readonly message: string
  readonly requestId: string | undefined
}

/**
 * AWS refused. `message` says what happened, `causes` what most likely made it so, `remedies` what to change;
 * `fault` holds AWS's own words.
 */
export class AwsRefused extends BrokerError {
  readonly code = 'aws_refused'
  readonly status = 502
  readonly causes: readonly string[]
  readonly remedies: readonly string[]
  readonly fault: AwsFault

  constructor(
    message: string,
    advice: { causes: readonly string[]; remedies: readonly string[] },
    fault: AwsFault,
    cause?: unknown,
  ) {
    super(message, { detail: `${fault.operation}: ${fault.code}: ${fault.message}`, cause })
    this.causes = advice.causes
    this.remedies = advice.remedies
    this.fault = fault
  }
}

/** AWS did not answer, answered too slowly, or answered with something that is no answer. */
export class AwsUnavailable extends BrokerError {
  readonly code = 'temporarily_unavailable'
  readonly status = 503
}

/** The audit trail can't be written, so nothing is issued. */
export class AuditUnavailable extends BrokerError {
  readonly code = 'temporarily_unavailable'
  readonly status = 503
}

/** The state store can't be read or written: locked, full, read-only or gone. */
export class StateUnavailable extends BrokerError {
  readonly code = 'temporarily_unavailable'
  readonly status = 503
}
