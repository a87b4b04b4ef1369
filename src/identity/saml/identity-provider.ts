/** How a message travels through the browser. */
export type SamlBinding = 'redirect' | 'post'

/** An address of an identity provider. */
export interface SamlEndpoint {
  readonly binding: SamlBinding
  readonly location: string
  /** Where responses go, if elsewhere (SAML metadata §2.2.2). */
  readonly responseLocation: string | undefined
}

/** What is known of an identity provider, from its metadata or from the configuration. */
export interface IdentityProvider {
  readonly entityId: string
  /** PEM; all of them are trusted, so that the provider can change its key. At least one. */
  readonly certificates: readonly string[]
  readonly signIn: readonly SamlEndpoint[]
  readonly logout: readonly SamlEndpoint[]
  /** Whether it takes signed requests only. */
  readonly wantsSignedRequests?: boolean
  /** Milliseconds since the epoch, where the metadata has an end. */
  readonly validUntil: number | undefined
}

/** The endpoint for a binding; without a preference the redirect one first, since it needs no page in between. */
export function endpointFor(
  endpoints: readonly SamlEndpoint[],
  preferred: SamlBinding | undefined,
): SamlEndpoint | undefined {
  const order = preferred === undefined ? (['redirect', 'post'] as const) : [preferred]
  return order
    .map((binding) => endpoints.find((endpoint) => endpoint.binding === binding))
    .find((endpoint) => endpoint !== undefined)
}
