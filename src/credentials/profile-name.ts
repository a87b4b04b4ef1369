import { InvalidRequest } from '../errors.ts'

/** What every SDK reads as a profile name; those with spaces work in botocore only. */
const shape = /^[\w.-]{1,64}$/

/** The profile name as it came in. Throws InvalidRequest when a shell or an SDK would stumble over it. */
export function checkProfileName(text: string): string {
  if (shape.test(text)) return text
  throw new InvalidRequest(
    'A profile name has 1 to 64 letters, digits, dots, dashes and underscores.',
  )
}
