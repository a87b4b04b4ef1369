/**
 * Who somebody is: the population they belong to and their immutable ID in it. Sign-in methods with the same `people`
 * are one population; the `bob` of another one is somebody else.
 */
export interface Person {
  readonly people: string
  readonly id: string
}

/** A role and the SAML provider in AWS that it trusts, both as ARNs. */
export interface AwsRolePair {
  readonly roleArn: string
  readonly providerArn: string
}

/** The response of an identity provider, as it was posted and to be passed on to AWS: a bearer secret for five minutes. */
export interface PassedAssertion {
  /** ID of the sign-in method. */
  readonly method: string
  /** Base64, untouched. */
  readonly response: string
  /** When the provider made it, milliseconds since the epoch. */
  readonly issuedAt: number
  readonly awsRoles: readonly AwsRolePair[]
}

/** A person as a sign-in method saw them. Groups and attributes come from the method, never from the request. */
export interface Identity {
  readonly person: Person
  /** The name that people read, and that goes into the role session name: `bob`. */
  readonly name: string
  readonly displayName: string | undefined
  readonly email: string | undefined
  /** ID and label of the sign-in method. */
  readonly method: string
  readonly methodLabel: string
  readonly groups: readonly string[]
  /** Attributes that the user can't edit; the only source of session tag values. */
  readonly attributes: Readonly<Record<string, readonly string[]>>
  /** Roles in AWS that an identity provider gives by its AWS role attribute; they count only where the configuration says so. */
  readonly awsRoles?: readonly AwsRolePair[] | undefined
  /** Milliseconds since the epoch. */
  readonly authenticatedAt: number
  /** When the certificate that proved it ends, milliseconds since the epoch; no sign-in outlasts that. */
  readonly endsAt?: number | undefined
  /** Marked in the configuration: each use raises an alarm. */
  readonly breakGlass: boolean
}

/** One word for a person, for keys and logs: `staff/bob`. */
export function personKey(person: Person): string {
  return `${encodeURIComponent(person.people)}/${encodeURIComponent(person.id)}`
}
