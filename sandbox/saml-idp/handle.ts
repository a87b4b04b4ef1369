import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../http/read-body.ts'
import { type Reply, send } from '../http/reply.ts'
import { sandboxRequest, type SandboxRequest } from '../http/request.ts'
import { stylesheetWith } from '../http/stylesheet.ts'
import { XmlFault } from '../saml/parse-xml.ts'
import { type IdpEnvironment, IdpRefusal } from './idp-environment.ts'
import { answerLogout, answerSignOut } from './logout.ts'
import { idpMetadata } from './metadata.ts'
import { POST_SCRIPT, refusalPage, SCRIPT_PATH, STYLESHEET_PATH } from './pages.ts'
import { answerHome, answerSignIn, answerSignOn, answerStart } from './sign-in.ts'

type Route = (environment: IdpEnvironment, request: SandboxRequest) => Promise<Reply> | Reply

const stylesheet = stylesheetWith(new URL('./idp.css', import.meta.url))

function asset(type: string, body: string): Route {
  const headers = { 'content-type': `${type}; charset=utf-8`, 'x-content-type-options': 'nosniff' }
  return () => ({ status: 200, headers, body })
}

const routes: ReadonlyMap<string, readonly [methods: string, route: Route]> = new Map([
  ['/', ['GET', answerHome]],
  ['/metadata', ['GET', ({ origin, key }) => metadataReply(idpMetadata(origin, key.certificate))]],
  ['/sso', ['GET POST', answerSignOn]],
  ['/start', ['GET', answerStart]],
  ['/sign-in', ['POST', answerSignIn]],
  ['/slo', ['GET POST', answerLogout]],
  ['/sign-out', ['POST', answerSignOut]],
  [STYLESHEET_PATH, ['GET', asset('text/css', stylesheet)]],
  [SCRIPT_PATH, ['GET', asset('text/javascript', POST_SCRIPT)]],
  ['/favicon.ico', ['GET', () => ({ status: 204, headers: {}, body: '' })]],
])

/** Answers one request to the identity provider. */
export async function handleIdp(
  environment: IdpEnvironment,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(message)
  if (body === undefined) {
    response.setHeader('connection', 'close')
    send(response, { ...refusalPage('The request is too large.'), status: 413 })
    return
  }
  const request = sandboxRequest(message, body, randomUUID())
  send(response, await answer(environment, request))
}

async function answer(environment: IdpEnvironment, request: SandboxRequest): Promise<Reply> {
  const [methods, route] = routes.get(request.path) ?? []
  if (route === undefined) return { ...refusalPage('There is nothing here.'), status: 404 }
  if (methods?.split(' ').includes(request.method) !== true) {
    return { ...refusalPage('This takes another method.'), status: 405 }
  }
  try {
    return await route(environment, request)
  } catch (error) {
    if (error instanceof IdpRefusal || error instanceof XmlFault) return refusalPage(error.message)
    throw error
  }
}

function metadataReply(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'application/samlmetadata+xml' }, body }
}
