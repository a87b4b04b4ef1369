import { BrokerError, SignInFailed } from '../../errors.ts'

/** Every reason for which a ticket doesn't sign anybody in, for log, trail and metrics. */
const kerberosRefusals = {
  kerberos_scheme: 'There is no Authorization of the scheme Negotiate.',
  kerberos_ntlm:
    'The browser offers NTLM: it has no ticket, or thinks that the address is in no zone of its own.',
  kerberos_too_large: 'The token is larger than any ticket.',
  kerberos_token: 'The token is not one whole Kerberos token, bare or in SPNEGO.',
  kerberos_ticket:
    'The ticket is not valid for this service. Check keytab, clocks and service principal name.',
  kerberos_incomplete: 'The exchange would need a second token.',
  kerberos_realm: 'The ticket is of another realm.',
  kerberos_name: 'The name in the ticket is not that of a person or computer.',
  kerberos_replay: 'The token has been used before.',
  kerberos_directory: 'The directory does not admit whom the ticket names.',
} as const

export type KerberosRefusalCode = keyof typeof kerberosRefusals

/** A ticket that signs nobody in. `refusal` says why; the message is the same for all. */
export class KerberosRefusal extends SignInFailed {
  readonly refusal: KerberosRefusalCode
  /** The directory's own name of whom it concerns, where that is known. */
  readonly account: string | undefined

  constructor(
    refusal: KerberosRefusalCode,
    {
      found,
      account,
      cause,
    }: { found?: string | undefined; account?: string | undefined; cause?: unknown } = {},
  ) {
    super('Your computer did not sign you in. Sign in another way.', {
      detail: [`${refusal}:`, kerberosRefusals[refusal], found].filter(Boolean).join(' '),
      cause,
    })
    this.refusal = refusal
    this.account = account
  }
}

/** Tickets can't be checked: the package, the keytab or its key is missing. */
export class KerberosUnavailable extends BrokerError {
  readonly code = 'temporarily_unavailable'
  readonly status = 503

  constructor(detail: string, cause?: unknown) {
    super('Postern can’t take Kerberos tickets at this moment. Sign in another way.', {
      detail,
      cause,
    })
  }
}
