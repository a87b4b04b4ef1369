import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Effects } from '../../effects.ts'
import type { HeldSession } from '../held-session.ts'
import type { CredentialKeeper } from './credential-keeper.ts'
import { MetadataTokens } from './metadata-tokens.ts'
import { refusalOf } from './request-guard.ts'

const tokenPath = '/latest/api/token'
const rolesPath = '/latest/meta-data/iam/security-credentials'
const ttlHeader = 'X-Aws-Ec2-Metadata-Token-Ttl-Seconds'

/** The part of the instance metadata service that gives credentials, version 2 only (EC2 User Guide, "IMDSv2"). */
export function metadataService(
  roleName: string,
  keeper: CredentialKeeper,
  effects: Pick<Effects, 'now' | 'randomBytes'>,
): RequestListener {
  const tokens = new MetadataTokens(effects)
  return (request, response) => {
    const refusal = refusalOf(request)
    if (refusal) {
      say(response, refusal.status, refusal.text)
      return
    }
    const path = pathOf(request)
    if (path === tokenPath) giveToken(request, response, tokens)
    else if (path === rolesPath || path.startsWith(`${rolesPath}/`)) {
      const below = path.slice(rolesPath.length + 1)
      const left = checkToken(request, response, tokens)
      if (left === undefined) return
      if (below !== roleName && !below.startsWith(`${roleName}/`)) {
        say(response, 200, roleName, { [ttlHeader]: String(left) })
        return
      }
      void keeper.get().then((session) => {
        if (session) say(response, 200, `${document(session)}\n`)
        else say(response, 500, 'there are no credentials')
      })
    } else say(response, 404, '404 page not found')
  }
}

function giveToken(
  request: IncomingMessage,
  response: ServerResponse,
  tokens: MetadataTokens,
): void {
  if (request.method !== 'PUT') {
    say(response, 405, '')
    return
  }
  const wanted = request.headers['x-aws-ec2-metadata-token-ttl-seconds']
  const issued = tokens.issue(wanted?.toString())
  if (issued) say(response, 200, issued.token, { [ttlHeader]: String(issued.seconds) })
  else say(response, 400, 'invalid token TTL')
}

/** Seconds for which the request's token is good; undefined when the request has been answered. */
function checkToken(
  request: IncomingMessage,
  response: ServerResponse,
  tokens: MetadataTokens,
): number | undefined {
  if (request.method !== 'GET') {
    say(response, 405, '')
    return undefined
  }
  const token = request.headers['x-aws-ec2-metadata-token']
  if (typeof token !== 'string' || token === '') {
    say(response, 401, 'no token provided')
    return undefined
  }
  const left = tokens.secondsLeft(token)
  if (left === undefined) say(response, 401, 'invalid token provided')
  return left
}

function pathOf({ url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?')
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

function document(session: HeldSession): string {
  return JSON.stringify({
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    Token: session.sessionToken,
    Code: 'Success',
    Type: 'AWS-HMAC',
    Expiration: session.expiration,
    LastUpdated: new Date(session.obtained).toISOString(),
  })
}

function say(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...headers,
  })
  response.end(text)
}
