import { z } from 'zod'
import { dereferenced } from '../references.ts'

/** An absolute http or https address without user, password and fragment; http on loopback only. Gives a URL. */
export function url(expected: string, allowed: (url: URL) => boolean = () => true) {
  return z.preprocess(
    dereferenced,
    z.string().transform((value, context) => {
      const parsed = URL.canParse(value) ? new URL(value) : undefined
      if (parsed && isWeb(parsed) && allowed(parsed)) return parsed
      const insecure = parsed?.protocol === 'http:' && !isLoopback(parsed.hostname)
      context.addIssue({
        code: 'custom',
        message: insecure ? `${expected}; http is for loopback addresses only` : expected,
      })
      return z.NEVER
    }),
  )
}

function isWeb(parsed: URL): boolean {
  const secure =
    parsed.protocol === 'https:' || (parsed.protocol === 'http:' && isLoopback(parsed.hostname))
  return secure && parsed.username === '' && parsed.password === '' && parsed.hash === ''
}

/** Whether a URL's host leads to this machine (RFC 6761 §6.3, RFC 1122 §3.2.1.3). */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  )
}
