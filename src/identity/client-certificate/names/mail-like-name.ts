import { refuse } from '../certificate-refusal.ts'

const shape =
  /^[^\s@"(),/:;<=>?[\\\]|*]{1,64}@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/

/**
 * The one `alice@corp.example` among the values, in lower case, as directories compare them; its domain one of those
 * given, or any where none are. Throws CertificateRefusal.
 */
export function mailLikeName(values: readonly string[], domains: readonly string[]): string {
  const [value, ...others] = values
  if (value === undefined || others.length > 0) {
    return refuse('certificate_name', `${values.length} names of that kind`)
  }
  const lower = value.toLowerCase()
  if (value.normalize('NFC') !== value || ascii(lower) !== ascii(value).toLowerCase()) {
    return refuse('certificate_name', 'a name that can be written in two ways')
  }
  const domain = shape.exec(lower)?.[1]
  if (domain === undefined) return refuse('certificate_name', 'a name without user or domain')
  if (domains.length > 0 && !domains.some((allowed) => allowed.toLowerCase() === domain)) {
    refuse('certificate_name_foreign', `domain ${domain}`)
  }
  return lower
}

/** The Kelvin sign in lower case is a k, which makes it somebody else's. */
function ascii(text: string): string {
  return text.replaceAll(/[^!-~]/g, '')
}
