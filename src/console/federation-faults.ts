import { AwsRefused, AwsUnavailable, type BrokerError } from '../errors.ts'
import { noAnswer } from '../issuers/no-answer.ts'
import type { Target } from '../issuers/unreachable.ts'
import type { Reply } from './ask-federation.ts'

const operation = 'getSigninToken'

/** Whether AWS may answer the same request later. */
export function isPassing({ status }: Reply): boolean {
  return status === 429 || status >= 500
}

/**
 * What an answer without a sign-in token means. `secrets` are what was sent: an error page that repeats one is not
 * quoted.
 */
export function federationFault(
  reply: Reply,
  target: Target,
  secrets: readonly string[],
): BrokerError {
  const { status, requestId } = reply
  if (isPassing(reply))
    return new AwsUnavailable(
      'The sign-in service of AWS has no answer at the moment. Try again in a minute.',
      { detail: `${operation}: status ${status} (request ${requestId ?? 'unknown'})` },
    )
  if (status !== 400) return noAnswer(operation, target, `status ${status} without a sign-in token`)
  const message = wordsOf(reply.text, secrets)
  return new AwsRefused('AWS refused to open the console with these credentials.', advice, {
    operation,
    status,
    code: 'BadRequest',
    message,
    requestId,
  })
}

/** AWS answers 400 for every cause, and says none. */
const advice = {
  causes: [
    'The credentials have ended, or were revoked.',
    'They are of a kind that AWS opens no console for, such as those of GetSessionToken.',
    'The sign-in host is of another partition than the credentials, or it takes GET only.',
  ],
  remedies: [
    'Get new credentials for the role and try again.',
    'If it stays, check `aws.endpoints.federation` and `aws.federationMethod` of the partition.',
  ],
}

/** What an error page says to people, cut short. */
function wordsOf(html: string, secrets: readonly string[]): string {
  if (secrets.some((secret) => html.includes(secret)))
    return 'withheld, because it repeats a secret'
  const text = html
    .slice(0, 20_000)
    .replaceAll(/<(script|style)\b[^<>]*>[^<]*/gi, ' ')
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return text.slice(0, 300) || 'no words'
}
