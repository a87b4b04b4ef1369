import type { AuditEvent, AuditFacts } from './audit-event.ts'

/** Characters of one text; what a visitor typed is longer only to do harm. */
const longestText = 512
const longestWords = 2_048
const mostItems = 50

type Kind = 'text' | 'words' | 'texts' | 'number'

/** What is written, in this order, and nothing else: a property that slipped into an event does not reach the trail. */
const fields: Readonly<Record<keyof AuditFacts, Kind>> = {
  requestId: 'text',
  address: 'text',
  people: 'text',
  personId: 'text',
  name: 'text',
  method: 'text',
  by: 'text',
  terminal: 'text',
  groups: 'texts',
  grants: 'texts',
  role: 'text',
  issuer: 'text',
  roleSession: 'text',
  roleSessionName: 'text',
  sourceIdentity: 'text',
  credentialsSeconds: 'number',
  consoleSeconds: 'number',
  destination: 'words',
  accessKeyId: 'text',
  expiration: 'text',
  awsRequestId: 'text',
  certificateSerial: 'text',
  code: 'text',
  detail: 'words',
  count: 'number',
}

/** The event as JSON: known fields in a fixed order, each bounded in size, without a character that could forge a line. */
export function canonicalEvent(event: AuditEvent): string {
  const written: Record<string, unknown> = { type: event.type }
  for (const [name, kind] of Object.entries(fields)) {
    const value: unknown = Reflect.get(event, name)
    if (value !== undefined) written[name] = bounded(value, kind)
  }
  return JSON.stringify(written)
}

function bounded(value: unknown, kind: Kind): unknown {
  if (Array.isArray(value)) {
    const items = value.slice(0, mostItems).map((item) => bounded(item, 'text'))
    const more = value.length - items.length
    return more > 0 ? [...items, `… ${more} more`] : items
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'string') return `(${typeof value})`
  return visible(cut(value, kind === 'words' ? longestWords : longestText))
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text.slice(0, most)}… ${text.length - most} more`
}

/**
 * Control and formatting characters by their number, line separators and text direction among them: a terminal or a
 * viewer would act on them. A lone surrogate has no UTF-8 form.
 */
function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${hex(found)}}`)
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16)
}
