import { StsError } from '../sts/sts-error.ts'
import { incompleteSignature } from './authorization.ts'

const WINDOW_MILLISECONDS = 15 * 60 * 1000

/** The moment that the client signed, checked against ours: STS allows 15 minutes either way. */
export function checkRequestTime(sent: string, now: Date): string {
  const time = parseBasic(sent) ?? parseHttpDate(sent)
  if (time === undefined) {
    throw incompleteSignature(
      `Date must be in ISO-8601 'basic format'. Got '${sent}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    )
  }
  const here = now.getTime()
  const earliest = here - WINDOW_MILLISECONDS
  const latest = here + WINDOW_MILLISECONDS
  if (time < earliest) {
    throw mismatch(
      `Signature expired: ${basic(time)} is now earlier than ${basic(earliest)} (${basic(here)} - 15 min.)`,
    )
  }
  if (time > latest) {
    throw mismatch(
      `Signature not yet current: ${basic(time)} is still later than ${basic(latest)} (${basic(here)} + 15 min.)`,
    )
  }
  return basic(time)
}

/** For a presigned request that says, in seconds, how long it holds. */
export function checkPresignedExpiry(date: string, expires: number | undefined, now: Date): void {
  const end = (parseBasic(date) ?? 0) + (expires ?? 0) * 1000
  if (expires === undefined || now.getTime() <= end) return
  throw mismatch(`Signature expired: ${basic(end)} is now earlier than ${basic(now.getTime())}`)
}

function mismatch(message: string): StsError {
  return new StsError(403, 'SignatureDoesNotMatch', message)
}

function parseBasic(text: string): number | undefined {
  const time = Date.parse(text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  return Number.isNaN(time) || basic(time) !== text ? undefined : time
}

/** A `Date` header, which counts when there is no `X-Amz-Date`. */
function parseHttpDate(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

function basic(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '')
}
