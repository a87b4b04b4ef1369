import { AwsUnavailable } from '../errors.ts'

/** Whether a request failed because nobody vouched for the server's certificate. */
export function isUntrusted(error: unknown): boolean {
  const cause = error instanceof AwsUnavailable ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /^(?:UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code)
}
