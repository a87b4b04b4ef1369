import { z } from 'zod'
import { longDuration } from '../../entitlements/duration-text.ts'
import { dereferenced } from '../references.ts'

const shape = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/

/** `1h`, `90m`, `1h30m`, `45s`, or a number of seconds. Gives seconds, from `min` to `max`. */
export function duration(min: number, max: number) {
  const range = `from ${longDuration(min)} to ${longDuration(max)}`
  const error = `a duration such as 1h, 30m or 45s, or seconds, ${range}`
  return z
    .preprocess(
      (value) => secondsOf(dereferenced(value)),
      z.int(error).min(min, error).max(max, error),
    )
    .meta({ type: ['string', 'integer'] })
}

function secondsOf(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (/^\d{1,9}$/.test(value)) return Number(value)
  const match = value === '' ? null : shape.exec(value)
  if (!match) return value
  const [, hours = 0, minutes = 0, seconds = 0] = match
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}
