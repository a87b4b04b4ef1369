import { SignInFailed } from '../../errors.ts'

interface Refusal {
  /** For whoever holds the certificate: what happened, and what to do. */
  readonly says: string
}

const askForAnother = 'Ask whoever issues your certificates for a new one.'
const tellAdministrator = 'Tell your administrator, with the request ID.'

/**
 * Every reason for which a client certificate is refused. The code goes into log, trail and metrics. Unlike with
 * passwords each has words of its own: whoever reads them holds the certificate, so there is nothing to guess at.
 */
const refusals = {
  certificate_missing: {
    says: 'Your browser or program sent no certificate. Choose one, or insert your smart card, and open this page in a new window. Certificates that have expired or come from elsewhere are not offered to you at all.',
  },
  certificate_resumed: {
    says: 'Your browser or program resumed an earlier connection, which proves nothing. Close all its windows and try again.',
  },
  certificate_unauthorized: {
    says: `The certificate did not pass the first check of the connection. It may be damaged, or from an authority that Postern does not trust. ${tellAdministrator}`,
  },
  certificate_too_large: {
    says: `The certificate is larger than any that Postern reads. ${askForAnother}`,
  },
  certificate_unreadable: { says: `The certificate can not be read. ${askForAnother}` },
  certificate_unknown_authority: {
    says: 'The certificate was not issued by an authority that Postern trusts. Choose another one.',
  },
  certificate_not_yet_valid: {
    says: 'The certificate, or one above it, is not valid yet. Check the clock, or wait until it is.',
  },
  certificate_expired: {
    says: `The certificate, or one above it, has expired. ${askForAnother}`,
  },
  certificate_is_authority: {
    says: 'This is the certificate of an authority, not of a person or machine. Choose another one.',
  },
  certificate_issuer_is_no_authority: {
    says: 'The certificate was issued by one that may not issue any. Choose another one.',
  },
  certificate_path_length: {
    says: 'There are more authorities above the certificate than one of them allows. Choose another one.',
  },
  certificate_weak_signature: {
    says: `The certificate, or one above it, is signed by a method that is no longer safe. ${askForAnother}`,
  },
  certificate_weak_key: {
    says: `The key of the certificate, or of one above it, is too weak. ${askForAnother}`,
  },
  certificate_critical_extension: {
    says: `The certificate, or one above it, makes a demand that Postern does not know. ${tellAdministrator}`,
  },
  certificate_usage: {
    says: `The certificate is not meant for signing in: it lacks client authentication. ${askForAnother}`,
  },
  certificate_revoked: {
    says: `The certificate, or one above it, has been revoked. ${askForAnother}`,
  },
  certificate_revocation_unknown: {
    says: `Postern can not tell at this moment whether the certificate has been revoked, so it does not accept it. ${tellAdministrator}`,
  },
  certificate_header_untrusted: {
    says: 'The request carries a header that only the proxy in front of Postern may send. Go through that proxy, and leave the header out.',
  },
  certificate_header_ambiguous: {
    says: 'A header that carries the certificate stands there twice, or in two spellings. Leave it out; the proxy in front of Postern adds it.',
  },
  certificate_header_malformed: {
    says: `The header that carries the certificate is not in the form that Postern expects of the proxy. ${tellAdministrator}`,
  },
  certificate_proxy_refused: {
    says: 'The proxy in front of Postern did not accept the certificate. It may have expired, been revoked, or come from elsewhere.',
  },
  certificate_name: {
    says: `The certificate does not name exactly one person or machine in a way that Postern accepts. ${askForAnother}`,
  },
  certificate_name_foreign: {
    says: 'The certificate names somebody of another domain than its authority may speak for. Choose another one.',
  },
  certificate_no_name: {
    says: `The certificate holds none of the names that Postern knows people or machines by. ${tellAdministrator}`,
  },
  certificate_person: {
    says: `The certificate does not belong to exactly one person or machine that may sign in. ${tellAdministrator}`,
  },
  certificate_return: {
    says: 'This sign-in was started in another browser, was finished already, or took too long. Start it again.',
  },
} as const satisfies Readonly<Record<string, Refusal>>

export type CertificateRefusalCode = keyof typeof refusals

/** A client certificate that is refused. `refusal` says why; `detail`, for the log, what was found. */
export class CertificateRefusal extends SignInFailed {
  /** Nothing that could be sent along would help, as a 401 would have it (RFC 9110 §15.5.4). */
  override readonly status = 403
  readonly refusal: CertificateRefusalCode

  constructor(refusal: CertificateRefusalCode, found?: string, cause?: unknown) {
    super(refusals[refusal].says, {
      detail: [refusal, found].filter(Boolean).join(': '),
      cause,
    })
    this.refusal = refusal
  }
}

/** Throws a CertificateRefusal. `found` is for the log. */
export function refuse(refusal: CertificateRefusalCode, found?: string, cause?: unknown): never {
  throw new CertificateRefusal(refusal, found, cause)
}
