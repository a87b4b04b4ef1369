import { BrokerError } from '../../errors.ts'

type TokenError =
  | 'invalid_grant'
  | 'invalid_client'
  | 'unsupported_grant_type'
  | 'authorization_pending'
  | 'slow_down'
  | 'expired_token'
  | 'access_denied'

/** A refusal of the token endpoint, by its code in RFC 6749 §5.2 or RFC 8628 §3.5. */
export class TokenRefused extends BrokerError {
  readonly code: TokenError
  readonly status = 400

  constructor(code: TokenError, message: string, detail?: string) {
    super(message, detail === undefined ? {} : { detail })
    this.code = code
  }
}

/** The access token is unknown, has expired, or its sign-in has ended (RFC 6750 §3.1). */
export class TokenInvalid extends BrokerError {
  readonly code = 'invalid_token'
  readonly status = 401

  constructor() {
    super('That token is not valid any more. Run `postern login`, then try again.')
  }
}
