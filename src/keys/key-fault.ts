import { BrokerError } from '../errors.ts'

/** What is wrong with a key or certificate, for a caller that has words of its own for it. */
export type KeyFaultCode =
  | 'file_unreadable'
  | 'bad_pem'
  | 'no_certificate'
  | 'bad_certificate'
  | 'bad_chain'
  | 'no_private_key'
  | 'bad_private_key'
  | 'unsupported_key'
  | 'unsupported_encryption'
  | 'tpm_key'
  | 'passphrase_required'
  | 'wrong_passphrase'
  | 'key_mismatch'
  | 'bad_pkcs12'
  | 'bad_uri'
  | 'pkcs11_missing'
  | 'pkcs11_failed'
  | 'pin_required'
  | 'wrong_pin'
  | 'no_match'
  | 'several_matches'

/**
 * A key or certificate can't be used. `message` says why and what to do, and holds neither secret nor path;
 * `detail` holds the path or the token's own words.
 */
export class KeyFault extends BrokerError {
  readonly code: KeyFaultCode
  readonly status = 500

  constructor(
    code: KeyFaultCode,
    message: string,
    about: { detail?: string; cause?: unknown } = {},
  ) {
    super(message, about)
    this.code = code
  }
}
