import { createHash } from 'node:crypto'
import { AccessDenied } from '../errors.ts'
import type { Identity, Person } from '../identity/identity.ts'
import type { Catalogue, Role, SessionSettings } from './catalogue.ts'
import { renderTemplate } from './template.ts'

/** What AWS is told about a role session beside the role and the duration. */
export interface SessionParameters {
  readonly roleSessionName: string
  readonly sourceIdentity: string | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly transitiveTagKeys: readonly string[]
  readonly policy: string | undefined
  readonly policyArns: readonly string[]
  readonly externalId: string | undefined
}

/**
 * The parameters of one person's session in a role. Throws AccessDenied when the identity lacks what a template or a
 * tag needs, or brings what AWS would not take.
 */
export function sessionParameters(
  identity: Identity,
  role: Pick<Role, 'session'>,
  catalogue: Pick<Catalogue, 'severalPeoples'>,
): SessionParameters {
  const { session } = role
  const nameFrom = (template: string): string =>
    legalName(renderTemplate(template, identity), identity.person, {
      // The configuration asks for it; where it still lacks, bob of one population must not pass for another's.
      mark: catalogue.severalPeoples && !template.includes('${people}'),
    })
  return {
    roleSessionName: nameFrom(session.sessionName),
    sourceIdentity:
      session.sourceIdentity === undefined ? undefined : nameFrom(session.sourceIdentity),
    tags: tagsOf(session, identity),
    transitiveTagKeys: session.transitiveTagKeys,
    policy: session.policy,
    policyArns: session.policyArns,
    externalId: session.externalId,
  }
}

const legal = /^[\w+=,.@-]{2,64}$/
const illegal = /[^\w+=,.@-]+/g
const diacritics = /\p{M}/gu
const maxLength = 64
const suffixShape = /=[0-9a-f]{12}$/

/**
 * A role session name or source identity that AWS takes (STS API, AssumeRole: 2 to 64 of `[\w+=,.@-]`). What had to be
 * trimmed or altered, or could be taken for such a name, ends in a hash of the person, so that two people never share
 * one.
 */
export function legalName(wanted: string, person: Person, { mark = false } = {}): string {
  if (!mark && legal.test(wanted) && !suffixShape.test(wanted)) return wanted
  const suffix = `=${hashOf(person)}`
  const readable = wanted
    .slice(0, 4 * maxLength)
    .normalize('NFKD')
    .replace(diacritics, '')
    .replace(illegal, '-')
    .slice(0, maxLength - suffix.length)
  return `${readable}${suffix}`
}

function hashOf(person: Person): string {
  return createHash('sha256')
    .update(JSON.stringify([person.people, person.id]))
    .digest('hex')
    .slice(0, 12)
}

/** STS API, Tag: up to 256 letters, numbers, separators and `_.:/=+-@`. */
const legalTagValue = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u

function tagsOf(session: SessionSettings, identity: Identity): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(session.tags).map(([key, template]) => [
      key,
      tagValue(key, renderTemplate(template, identity)),
    ]),
  )
}

/** Never altered: access is decided by the exact value. */
function tagValue(key: string, value: string): string {
  if (legalTagValue.test(value)) return value
  throw new AccessDenied(
    `This role carries the tag "${key}", and AWS does not take the value that your sign-in brought for it. Ask your administrator to change it.`,
    { detail: `tag "${key}": ${value.length} characters, or some that AWS refuses` },
  )
}
