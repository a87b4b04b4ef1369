import type { Effects } from '../../effects.ts'
import { CliFault } from '../cli-fault.ts'

const day = 24 * 60 * 60_000
const hour = 60 * 60_000
const mostDays = 36_500

/** From an hour ago, for clocks that are behind, to so many days ahead, in whole seconds. CliFault for a strange number. */
export function validFor(days: number, { now }: Pick<Effects, 'now'>): { from: Date; to: Date } {
  if (!Number.isInteger(days) || days < 1 || days > mostDays) {
    throw new CliFault(`The number of days must be 1 to ${mostDays}.`)
  }
  const second = Math.floor(now().getTime() / 1000) * 1000
  return { from: new Date(second - hour), to: new Date(second + days * day) }
}

/** A serial number that is positive, minimal and not to be guessed (RFC 5280 §4.1.2.2). */
export function newSerial({ randomBytes }: Pick<Effects, 'randomBytes'>): Buffer {
  const bytes = Buffer.from(randomBytes(16))
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0)
  return bytes
}
