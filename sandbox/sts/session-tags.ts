import type { Session, SessionTag } from '../sessions/session.ts'
import type { Parameters } from './parameters.ts'
import { invalidParameterValue } from './sts-error.ts'

export interface RequestedTags {
  readonly tags: readonly { readonly key: string; readonly value: string }[]
  readonly transitiveKeys: readonly string[]
}

const MAX_TAGS = 50
/** Bounds of a session tag's key (STS API Reference, Tag). */
export const TAG_KEY = { min: 1, max: 128, pattern: String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]+` }
export const TAG_VALUE = { min: 0, max: 256, pattern: String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]*` }

/** Reads `Tags.member.N` and `TransitiveTagKeys.member.N`. */
export function readTags(parameters: Parameters): RequestedTags {
  const tags = Array.from({ length: parameters.listLength('Tags', MAX_TAGS) }, (_, i) => ({
    key: parameters.required(`Tags.member.${i + 1}.Key`, TAG_KEY),
    value: parameters.required(`Tags.member.${i + 1}.Value`, TAG_VALUE),
  }))
  const count = parameters.listLength('TransitiveTagKeys', MAX_TAGS)
  const transitiveKeys = Array.from({ length: count }, (_, i) =>
    parameters.required(`TransitiveTagKeys.member.${i + 1}`, TAG_KEY),
  )
  return { tags, transitiveKeys }
}

/**
 * The tags of the new session: those asked for and the transitive ones of the calling session, which
 * nobody can override. Throws InvalidParameterValue.
 */
export function sessionTags(requested: RequestedTags, calling: Session | undefined): SessionTag[] {
  const keys = requested.tags.map(({ key }) => key.toLowerCase())
  if (new Set(keys).size < keys.length) {
    throw invalidParameterValue(
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    )
  }
  if (keys.some((key) => key.startsWith('aws:'))) {
    // AWS reserves the prefix; the words of its refusal are not documented.
    throw invalidParameterValue('Tag keys must not begin with aws:.')
  }
  const transitive = requested.transitiveKeys.map((key) => key.toLowerCase())
  const inherited = (calling?.tags ?? []).filter((tag) => tag.transitive)
  if (inherited.some(({ key }) => keys.includes(key.toLowerCase()))) {
    throw invalidParameterValue(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    )
  }
  if (transitive.some((key) => !keys.includes(key))) {
    throw invalidParameterValue(
      'The specified transitive tag key must be included in the requested tags.',
    )
  }
  const own = requested.tags.map(({ key, value }) => ({
    key,
    value,
    transitive: transitive.includes(key.toLowerCase()),
  }))
  return [...inherited, ...own]
}
