import type { Identity } from '../identity.ts'
import { SignInFailed } from '../../errors.ts'
import { CertificateRefusal, refuse } from './certificate-refusal.ts'
import type { CertificatePath } from './certificate-path.ts'
import { type CertificateName, type IdentitySource, readIdentity } from './identity-source.ts'
import type { PersonKey } from '../directory/person-key.ts'
import { securityIdentifier } from './names/security-identifier.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'

/** What some authorities may say about people. Names are bound to it: `bob` of another one is somebody else. */
export interface IdentityRule {
  /** Part of the immutable IDs that come without a directory; stays the same when an authority is renewed. */
  readonly authority: string
  /** Those that it holds for. Of several rules, the one whose authority stands nearest to the certificate counts. */
  readonly issuers: readonly ParsedCertificate[]
  readonly sources: readonly IdentitySource[]
  /** Groups of everybody certified so, where no directory says. */
  readonly groups: readonly string[]
}

/** Somebody of a directory; `DirectoryPerson` is one. */
export interface LookedUpPerson {
  readonly id: string
  readonly account: string
  readonly sid: string | undefined
  readonly displayName: string | undefined
  readonly email: string | undefined
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

/**
 * Finds exactly one person or machine whose account may be used now. Rejects with SignInFailed when there is none, or
 * another BrokerError when nobody can tell.
 */
export type CertificateLookUp = (key: PersonKey) => Promise<LookedUpPerson>

export interface CertifiedIdentityParts {
  readonly method: { readonly id: string; readonly label: string; readonly people: string }
  readonly rules: readonly IdentityRule[]
  /** Undefined where no directory is configured. */
  readonly lookUp: CertificateLookUp | undefined
}

/** Makes an identity of a certificate that has passed every check. Rejects as CertificateLookUp, or with CertificateRefusal. */
export async function certifiedIdentity(
  path: CertificatePath,
  { method, rules, lookUp }: CertifiedIdentityParts,
  now: Date,
): Promise<Identity> {
  const rule = path.issuers
    .map((issuer) => rules.find(({ issuers }) => issuers.some(({ der }) => der.equals(issuer.der))))
    .find((found) => found !== undefined)
  if (!rule) return refuse('certificate_no_name', 'no rule for its authority')
  const name = readIdentity(path, rule.sources)
  const common = {
    method: method.id,
    methodLabel: method.label,
    authenticatedAt: now.getTime(),
    endsAt: endOf(path),
    breakGlass: false,
  }
  if (!lookUp) {
    return {
      ...common,
      person: { people: method.people, id: `${rule.authority}/${name.source}/${name.value}` },
      name: name.value,
      displayName: undefined,
      email: name.source === 'email' ? name.value : undefined,
      groups: rule.groups,
      attributes: {},
    }
  }
  const found = await find(lookUp, name, securityIdentifier(path.leaf))
  return {
    ...common,
    person: { people: method.people, id: found.id },
    name: found.account,
    displayName: found.displayName,
    email: found.email,
    groups: found.groups,
    attributes: found.attributes,
  }
}

// Where an authority ends first, nothing that it issued counts after it.
function endOf({ leaf, issuers }: CertificatePath): number {
  return Math.min(...[leaf, ...issuers].map(({ x509 }) => x509.validToDate.getTime()))
}

async function find(
  lookUp: CertificateLookUp,
  { source, value, key }: CertificateName,
  sid: string | undefined,
): Promise<LookedUpPerson> {
  if (!key) return refuse('certificate_person', `no directory can know a ${source}`)
  try {
    const found = await lookUp(key)
    // Names can be given to somebody else later; the SID says to whom the authority meant it.
    if (sid !== undefined && sid !== found.sid) {
      refuse(
        'certificate_person',
        `the certificate is for ${sid}, ${value} is ${found.sid ?? 'without SID'}`,
      )
    }
    return found
  } catch (cause) {
    if (!(cause instanceof SignInFailed) || cause instanceof CertificateRefusal) throw cause
    return refuse('certificate_person', cause.detail ?? cause.message, cause)
  }
}
