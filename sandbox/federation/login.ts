import { consoleCookie, readConsoleSession } from '../console/console-session.ts'
import { logOutFirstPage } from '../console/pages.ts'
import { htmlReply, redirectReply, type Reply } from '../http/reply.ts'
import { rebasedDestination } from './destination.ts'
import type { FederationCall } from './federation-call.ts'
import { FederationRefusal } from './federation-refusal.ts'

/** `Action=login`: turns a sign-in token into a console session and leads to the Destination. */
export function login(call: FederationCall): Reply {
  const { values } = call.request.form
  const { switches } = call
  const destination = values.get('Destination') ?? ''
  const to = rebasedDestination(destination, call.origin, switches.extraDestinationHosts)
  const now = call.now()
  const signIn = call.signinTokens.redeem(values.get('SigninToken') ?? '', now)
  if (signIn === undefined) throw new FederationRefusal('SigninToken')
  const before = readConsoleSession(call.seal, call.request)
  if (
    switches.logOutFirst &&
    before !== undefined &&
    before.arn !== signIn.arn &&
    before.expiresAt > now.getTime()
  ) {
    return htmlReply(400, logOutFirstPage(before.arn))
  }
  const { arn, account, userId, sourceIdentity, consoleSeconds } = signIn
  const cookie = consoleCookie(call.seal, {
    arn,
    account,
    userId,
    sourceIdentity,
    issuer: issuerLink(values.get('Issuer')),
    expiresAt: now.getTime() + consoleSeconds * 1000,
  })
  return redirectReply(to, { 'set-cookie': cookie })
}

/** The page to come back to when the session has expired. Anything but a web address is dropped. */
function issuerLink(text: string | undefined): string | undefined {
  const url = text === undefined ? null : URL.parse(text)
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url.href : undefined
}
