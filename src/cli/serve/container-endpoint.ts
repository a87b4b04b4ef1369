import { hash, timingSafeEqual } from 'node:crypto'
import type { RequestListener, ServerResponse } from 'node:http'
import type { CredentialKeeper } from './credential-keeper.ts'
import { refusalOf } from './request-guard.ts'

/** Where the container endpoint answers. */
export const credentialsPath = '/credentials'

/** Credentials for who knows the token (AWS SDKs and Tools Reference Guide, "Container credential provider"). */
export function containerEndpoint(token: string, keeper: CredentialKeeper): RequestListener {
  const expected = digest(token)
  return (request, response) => {
    const refusal = refusalOf(request)
    const [path] = (request.url ?? '').split('?')
    if (refusal) {
      refuse(response, refusal.status, 'InvalidRequest', refusal.text)
    } else if (!timingSafeEqual(expected, digest(request.headers.authorization ?? ''))) {
      refuse(response, 401, 'AccessDenied', 'the authorization token is missing or wrong')
    } else if (path !== credentialsPath && path !== `${credentialsPath}/`) {
      refuse(response, 404, 'NotFound', `credentials are at ${credentialsPath}`)
    } else if (request.method !== 'GET') {
      refuse(response, 405, 'MethodNotAllowed', 'credentials are read by GET')
    } else {
      void keeper.get().then((session) => {
        if (!session) {
          refuse(response, 500, 'InternalError', 'there are no credentials')
          return
        }
        answer(response, 200, {
          AccessKeyId: session.accessKeyId,
          SecretAccessKey: session.secretAccessKey,
          Token: session.sessionToken,
          Expiration: session.expiration,
        })
      })
    }
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  answer(response, status, { Code: code, Message: message })
}

function answer(
  response: ServerResponse,
  status: number,
  body: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(body))
}

// Of equal length, whatever came in.
function digest(text: string): Buffer {
  return Buffer.from(hash('sha256', text, 'hex'), 'hex')
}
