import type { SessionTag } from '../../sessions/session.ts'
import { sessionTags, TAG_KEY, TAG_VALUE } from '../session-tags.ts'
import { invalidIdentityToken } from './refusals.ts'
import type { SamlAssertion } from './saml-assertion.ts'

/** What the attributes for AWS ask of the session. */
export interface AwsAttributes {
  readonly roleSessionName: string
  readonly sourceIdentity: string | undefined
  readonly tags: readonly SessionTag[]
  /** Seconds. */
  readonly sessionDuration: number | undefined
}

const PREFIX = 'https://aws.amazon.com/SAML/Attributes/'
const TAG_PREFIX = `${PREFIX}PrincipalTag:`
const NAME = /^[a-zA-Z_0-9+=,.@-]{2,64}$/
const MOST_TAGS = 50

/** Values of `https://aws.amazon.com/SAML/Attributes/{name}`; names are case-sensitive. */
export function awsAttribute(assertion: SamlAssertion, name: string): readonly string[] {
  return assertion.attributes.get(`${PREFIX}${name}`) ?? []
}

/** Reads all but the roles (IAM User Guide, id_roles_providers_create_saml_assertions). Throws InvalidIdentityToken. */
export function readAwsAttributes(assertion: SamlAssertion): AwsAttributes {
  const roleSessionName = single(assertion, 'RoleSessionName')
  if (roleSessionName === undefined) {
    throw invalidIdentityToken('RoleSessionName is required in AuthnResponse')
  }
  if (!NAME.test(roleSessionName)) {
    throw invalidIdentityToken(
      'RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}',
    )
  }
  const sourceIdentity = single(assertion, 'SourceIdentity')
  if (sourceIdentity !== undefined && !isSourceIdentity(sourceIdentity)) {
    throw invalidIdentityToken(
      'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
    )
  }
  return {
    roleSessionName,
    sourceIdentity,
    tags: readTags(assertion),
    sessionDuration: readDuration(single(assertion, 'SessionDuration')),
  }
}

function single(assertion: SamlAssertion, name: string): string | undefined {
  const [value, more] = awsAttribute(assertion, name)
  // AWS does not document its words for a second value.
  if (more !== undefined) throw invalidIdentityToken(`${name} in AuthnResponse must have one value`)
  return value
}

function isSourceIdentity(text: string): boolean {
  return NAME.test(text) && !text.toLowerCase().startsWith('aws:')
}

/** AWS does not document what it says to tags in an assertion that break its rules. */
function readTags(assertion: SamlAssertion): readonly SessionTag[] {
  const tags = [...assertion.attributes.keys()]
    .filter((name) => name.startsWith(TAG_PREFIX))
    .map((name) => {
      const key = name.slice(TAG_PREFIX.length)
      const value = single(assertion, name.slice(PREFIX.length))
      const legal = fits(key, TAG_KEY) && value !== undefined && fits(value, TAG_VALUE)
      if (!legal) throw invalidIdentityToken(`PrincipalTag:${key} in AuthnResponse is no legal tag`)
      return { key, value }
    })
  if (tags.length > MOST_TAGS) throw invalidIdentityToken('AuthnResponse holds too many tags')
  return sessionTags(
    { tags, transitiveKeys: awsAttribute(assertion, 'TransitiveTagKeys') },
    undefined,
  )
}

function fits(text: string, rule: { min: number; max: number; pattern: string }): boolean {
  const length = Array.from(text).length
  return length >= rule.min && length <= rule.max && new RegExp(`^${rule.pattern}$`, 'u').test(text)
}

function readDuration(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seconds = /^\d{3,5}$/.test(text) ? Number(text) : 0
  if (seconds < 900 || seconds > 43_200) {
    // The range is documented, the words are not.
    throw invalidIdentityToken('SessionDuration in AuthnResponse must be from 900 to 43200')
  }
  return seconds
}
