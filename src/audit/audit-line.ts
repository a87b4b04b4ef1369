import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AuditLine } from './audit-line-store.ts'

/** What the first line of a chain follows. */
export const beginning = '0'.repeat(64)

/** The line's HMAC-SHA-256 over everything else in it, in hex. A JSON array, so that no field can run into the next. */
export function macOf(key: Uint8Array, line: Omit<AuditLine, 'mac'>): string {
  const { instance, seq, time, event, previous } = line
  return createHmac('sha256', key)
    .update(JSON.stringify(['postern audit line 1', instance, seq, time, event, previous]))
    .digest('hex')
}

/** Whether the line's MAC was made with this key over this very line. */
export function isGenuine(key: Uint8Array, line: AuditLine): boolean {
  const expected = Buffer.from(macOf(key, line))
  const found = Buffer.from(line.mac)
  return expected.length === found.length && timingSafeEqual(expected, found)
}
