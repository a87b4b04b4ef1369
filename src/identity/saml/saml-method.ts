import type { Identity } from '../identity.ts'
import type { SamlSignIn } from './accept-response.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { SamlServiceProvider } from './saml-service-provider.ts'

/** A way to sign in by SAML. */
export interface SamlMethod {
  readonly id: string
  readonly label: string
  readonly people: string
  readonly serviceProvider: SamlServiceProvider
  /** Largest message, in bytes once decoded. */
  readonly maxBytes: number
  /** How long somebody may take to sign in at the provider. */
  readonly requestLifetimeSeconds: number
  /** Whether signing out here signs out at the provider too. */
  readonly signsOutThere: boolean
  /** What is known of the provider now; undefined when nothing valid is. */
  readonly provider: () => IdentityProvider | undefined
}

/** Whom a sign-in shows. */
export function samlIdentity(
  { id, label, people }: Pick<SamlMethod, 'id' | 'label' | 'people'>,
  { claims, authenticatedAt }: SamlSignIn,
): Identity {
  const { name, displayName, email, groups, attributes, awsRoles } = claims
  return {
    person: { people, id: claims.id },
    name,
    displayName,
    email,
    method: id,
    methodLabel: label,
    groups,
    attributes,
    awsRoles,
    authenticatedAt,
    breakGlass: false,
  }
}

/** Origins that a browser is sent to with a message of ours, for the form-action of the CSP. */
export function providerOrigins(methods: readonly SamlMethod[]): readonly string[] {
  const places = methods.flatMap(({ provider }) => {
    const known = provider()
    return known ? [...known.signIn, ...known.logout] : []
  })
  const urls = places.flatMap(({ location, responseLocation }) => [
    location,
    responseLocation ?? [],
  ])
  return [...new Set(urls.flat().map((url) => new URL(url).origin))]
}
