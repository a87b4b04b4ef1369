import type { SamlBinding } from './identity-provider.ts'

/** Which attributes hold what; of several names the first that is present counts. Names are compared exactly. */
export interface SamlAttributeNames {
  /** The immutable ID of the person; the NameID when empty. */
  readonly id: readonly string[]
  /** The name that people read; the person's ID when none is present. */
  readonly name: readonly string[]
  readonly displayName: readonly string[]
  readonly email: readonly string[]
  readonly groups: readonly string[]
  /** `role,provider` pairs for AWS. */
  readonly awsRoles: readonly string[]
  /** Attributes that entitlements may use as session tags: our name to the provider's names. */
  readonly session: Readonly<Record<string, readonly string[]>>
}

/** A private key and its certificate, PEM. */
export interface SamlKey {
  readonly privateKey: string
  readonly certificate: string
}

/** Our own keys. The first signs and is the one that providers should encrypt for; the others are for a rotation. */
interface SamlKeys {
  readonly signing: readonly SamlKey[]
  /** Keys of their own: never the ones that sign. All of them decrypt. */
  readonly decryption: readonly SamlKey[]
  /** PEM certificates of coming keys, published so that providers know them in time. */
  readonly alsoPublish: readonly string[]
}

/** One SAML sign-in method. Addresses are absolute and ours. */
export interface SamlSettings {
  /** ID of the sign-in method. */
  readonly method: string
  readonly spEntityId: string
  readonly acsUrl: string
  readonly logoutUrl: string
  readonly keys: SamlKeys

  readonly requestBinding: SamlBinding | undefined
  readonly forceAuthn: boolean
  /** Format of NameID to ask for; undefined leaves it to the provider. */
  readonly nameIdFormat: string | undefined
  /** Authentication context classes to ask for and to insist on; empty asks for none. */
  readonly authnContexts: readonly string[]

  /** What must be signed. `either`: whichever covers the assertion. A signature that is there must always verify. */
  readonly signed: 'either' | 'assertion' | 'response' | 'both'
  readonly allowSha1: boolean
  /** Largest message, in bytes once decoded. */
  readonly maxBytes: number
  readonly clockSkewSeconds: number
  /** Longest time from an assertion's issue to its arrival. */
  readonly maxAgeSeconds: number
  /** How long somebody may take to sign in at the provider. */
  readonly requestLifetimeSeconds: number

  /** Undefined: the provider may not start a sign-in. Else the RelayStates that it may send, each a path of ours. */
  readonly idpInitiated: { readonly landings: readonly string[] } | undefined
  readonly attributes: SamlAttributeNames
}

type Defaulted = Omit<SamlSettings, 'method' | 'spEntityId' | 'acsUrl' | 'logoutUrl'>

const noAttributes: SamlAttributeNames = {
  id: [],
  name: [],
  displayName: [],
  email: [],
  groups: [],
  awsRoles: ['https://aws.amazon.com/SAML/Attributes/Role'],
  session: {},
}

/** What holds unless the configuration or a preset says otherwise. */
export const samlDefaults: Defaulted = {
  keys: { signing: [], decryption: [], alsoPublish: [] },
  requestBinding: undefined,
  forceAuthn: false,
  nameIdFormat: undefined,
  authnContexts: [],
  signed: 'either',
  allowSha1: false,
  maxBytes: 128 * 1024,
  clockSkewSeconds: 120,
  maxAgeSeconds: 600,
  requestLifetimeSeconds: 600,
  idpInitiated: undefined,
  attributes: noAttributes,
}
