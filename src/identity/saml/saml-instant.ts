import { refuse } from './saml-refusal.ts'

const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(?:Z|([+-])(\d\d):(\d\d))$/

/**
 * An xs:dateTime with a zone, in milliseconds since the epoch. SAML times are in UTC (SAML core §1.3.3); one without a
 * zone, a mere year or the 31st of February is refused, where Date.parse would make something of it.
 */
export function parseInstant(text: string): number | undefined {
  const found = dateTime.exec(text)
  if (!found) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map(Number)
  const zoneHours = Number(found[9] ?? 0)
  const zoneMinutes = Number(found[10] ?? 0)
  if (year < 1970 || hour > 23 || minute > 59 || second > 59 || zoneHours > 14 || zoneMinutes > 59)
    return undefined
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  if (local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) return undefined
  const fraction = Number((found[7] ?? '').padEnd(3, '0').slice(0, 3))
  const zone = (zoneHours * 60 + zoneMinutes) * 60_000 * (found[8] === '-' ? -1 : 1)
  return local.getTime() + fraction - zone
}

/** The same, refusing what is missing or malformed. `what` names the attribute for the log. */
export function requireInstant(text: string | undefined, what: string): number {
  const instant = text === undefined ? undefined : parseInstant(text)
  return (
    instant ?? refuse('saml_time', `${what} is ${text === undefined ? 'missing' : 'malformed'}.`)
  )
}

/** A time as SAML writes it. */
export function formatInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
