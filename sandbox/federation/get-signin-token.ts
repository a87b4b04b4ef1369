import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { jsonReply, type Reply } from '../http/reply.ts'
import { openSessionToken, type Session } from '../sessions/session.ts'
import type { FederationCall } from './federation-call.ts'
import { FederationRefusal } from './federation-refusal.ts'
import { consoleSeconds } from './session-duration.ts'

const credentials = z.object({
  sessionId: z.string(),
  sessionKey: z.string(),
  sessionToken: z.string().min(1),
})

/** `Action=getSigninToken`: exchanges temporary credentials for a token. Having them is the authentication. */
export function getSigninToken(call: FederationCall): Reply {
  const { values } = call.request.form
  const session = liveSession(call, values.get('Session') ?? '')
  const seconds = consoleSeconds(session, values.get('SessionDuration'), call.now(), call.switches)
  const { arn, account, userId, sourceIdentity } = session
  const about = { arn, account, userId, sourceIdentity, consoleSeconds: seconds }
  return jsonReply(200, { SigninToken: call.signinTokens.issue(about, call.now()) })
}

function liveSession(call: FederationCall, text: string): Session {
  const given = credentials.safeParse(parseJson(text)).data
  if (given === undefined) throw new FederationRefusal('Session is not the JSON it should be')
  const session = openSessionToken(call.seal, given.sessionToken)
  if (session?.accessKeyId !== given.sessionId) throw new FederationRefusal('unknown credentials')
  if (!same(session.secretAccessKey, given.sessionKey)) throw new FederationRefusal('wrong secret')
  if (session.expiresAt <= call.now().getTime()) throw new FederationRefusal('expired credentials')
  return session
}

function same(ours: string, theirs: string): boolean {
  const [a, b] = [Buffer.from(ours), Buffer.from(theirs)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
