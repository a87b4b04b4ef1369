import { endpointFor, type IdentityProvider } from './identity-provider.ts'
import { daysLeft, endsSoon, samlCertificates } from './saml-certificates.ts'
import type { SamlSettings } from './saml-settings.ts'

/** One thing that an administrator should know of a method: `fault` would fail, `note` may. */
export interface Finding {
  readonly tone: 'ok' | 'note' | 'fault'
  readonly text: string
}

const owners = {
  provider: 'a signing certificate of the provider',
  signing: 'our certificate for signing',
  announced: 'our announced certificate',
  decryption: 'our certificate for decryption',
} as const

// SAML trusts the key and not the certificate's dates; providers change it at about that time, without a word.
const replaceIt = {
  provider: 'Its key still counts here; have the provider replace it, and read the new metadata.',
  signing: 'Replace it, and give the provider the new one.',
  announced: 'Replace it.',
  decryption: 'Replace it, and give the provider the new one.',
} as const

/** What of a method and its provider would fail, now or soon. */
export function samlFindings(
  settings: SamlSettings,
  provider: IdentityProvider,
  now: Date,
): readonly Finding[] {
  return [
    ...identityFindings(settings, provider),
    ...bindingFindings(settings, provider),
    ...certificateFindings(settings, provider, now),
    ...validityFindings(provider, now),
    ...(settings.allowSha1
      ? [
          note(
            'SHA-1 signatures are allowed. Have the provider sign with SHA-256, then remove allowSha1.',
          ),
        ]
      : []),
  ]
}

function identityFindings({ spEntityId }: SamlSettings, { entityId }: IdentityProvider): Finding[] {
  if (spEntityId !== entityId) return []
  return [
    fault('entityId is the provider’s own. It must be Postern’s; leave it out for the usual one.'),
  ]
}

function bindingFindings(
  { requestBinding, keys }: SamlSettings,
  { signIn, logout, wantsSignedRequests }: IdentityProvider,
): Finding[] {
  const offered = [...new Set(signIn.map(({ binding }) => binding))].join(' and ')
  const canSign = keys.signing.length > 0
  return [
    endpointFor(signIn, requestBinding)
      ? ok(`sign-in by ${requestBinding ?? offered}`)
      : fault(
          `requestBinding is ${String(requestBinding)}, and the provider offers ${offered} only.`,
        ),
    ...(wantsSignedRequests && !canSign
      ? [fault('The provider wants signed requests, and no key is configured under signing.')]
      : []),
    logout.length === 0
      ? note('The provider offers no sign-out: whoever signs out of Postern stays signed in there.')
      : canSign
        ? ok('sign-out at both ends')
        : note(
            'The provider offers sign-out, but no key is configured under signing, so Postern can not ask for it.',
          ),
  ]
}

function certificateFindings(
  settings: SamlSettings,
  provider: IdentityProvider,
  now: Date,
): Finding[] {
  return samlCertificates(settings, provider).map((certificate) => {
    const { use, fingerprint, notAfter } = certificate
    const what = `${owners[use]} (SHA-256 ${fingerprint}…)`
    const end = new Date(notAfter).toISOString().slice(0, 10)
    if (notAfter <= now.getTime()) return fault(`${what} has expired on ${end}. ${replaceIt[use]}`)
    const days = daysLeft(certificate, now)
    if (endsSoon(certificate, now))
      return note(`${what} expires on ${end}, in ${String(days)} days.`)
    return ok(`${what} lasts until ${end}`)
  })
}

function validityFindings({ validUntil }: IdentityProvider, now: Date): Finding[] {
  if (validUntil === undefined) return []
  const end = new Date(validUntil)
  const hours = Math.floor((validUntil - now.getTime()) / 3_600_000)
  return [
    hours < 48
      ? note(`The metadata is valid until ${end.toISOString()}, for ${String(hours)} hours more.`)
      : ok(`metadata valid until ${end.toISOString().slice(0, 10)}`),
  ]
}

const ok = (text: string): Finding => ({ tone: 'ok', text })
const note = (text: string): Finding => ({ tone: 'note', text })
const fault = (text: string): Finding => ({ tone: 'fault', text })
