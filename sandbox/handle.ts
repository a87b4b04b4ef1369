import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerConsole, answerLogout } from './console/endpoint.ts'
import { frontPage, STYLESHEET_PATH } from './console/pages.ts'
import { samlMetadata } from './console/saml-metadata.ts'
import { answerSamlSignIn } from './console/saml-sign-in.ts'
import { answerAdmin } from './faults/admin.ts'
import type { Faults } from './faults/faults.ts'
import { faultyReply } from './faults/faulty-reply.ts'
import { answerFederation } from './federation/endpoint.ts'
import type { SigninTokens } from './federation/signin-tokens.ts'
import { readBody } from './http/read-body.ts'
import { htmlReply, jsonReply, send, type Reply } from './http/reply.ts'
import { sandboxRequest, singleHeader, type SandboxRequest } from './http/request.ts'
import { stylesheetWith } from './http/stylesheet.ts'
import { answerRolesAnywhere } from './roles-anywhere/endpoint.ts'
import { faultyCreateSession } from './roles-anywhere/faulty-create-session.ts'
import type { Environment } from './sts/action.ts'
import { answerSts, errorReply } from './sts/endpoint.ts'
import { StsError } from './sts/sts-error.ts'

const CREATE_SESSION = 'CreateSession'
const stylesheet = stylesheetWith(new URL('./console/console.css', import.meta.url))

export interface Handling {
  readonly environment: Environment
  readonly faults: Faults
  readonly signinTokens: SigninTokens
}

/** Answers one request: reads it, lets a waiting fault have its way, and hands it to its endpoint. */
export async function handle(
  handling: Handling,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID()
  const body = await readBody(message)
  if (body === undefined) {
    response.setHeader('connection', 'close')
    const error = new StsError(413, 'RequestEntityTooLarge', 'Request entity is too large')
    send(response, errorReply(error, requestId))
    return
  }
  const request = sandboxRequest(message, body, requestId)
  const action = faultTarget(request)
  const fault = action === undefined ? undefined : handling.faults.take(action)
  if (fault?.kind === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  const faulty = action === CREATE_SESSION ? faultyCreateSession : faultyReply
  const reply = (fault && faulty(fault, requestId)) ?? (await answer(handling, request))
  if (fault?.kind === 'slow') await sleep(fault.milliseconds)
  if (fault?.kind === 'half-answer') sendHalf(response, reply)
  else send(response, reply)
}

/** The action that a fault may wait for. */
function faultTarget({ path, form }: SandboxRequest): string | undefined {
  if (path === '/sessions') return CREATE_SESSION
  return path === '/' || path === '/federation' ? form.values.get('Action') : undefined
}

async function answer(handling: Handling, request: SandboxRequest): Promise<Reply> {
  const { environment } = handling
  const { path } = request
  const origin = `http://${singleHeader(request, 'host') ?? 'localhost'}`
  if (path === '/federation')
    return answerFederation({ ...environment, ...handling, request, origin })
  if (path === '/console' || path.startsWith('/console/'))
    return answerConsole(environment, request)
  if (path === '/saml') return await answerSamlSignIn(environment, request, origin)
  if (path === '/static/saml-metadata.xml') return samlMetadata(origin, request.requestId)
  if (path === '/sessions') return answerRolesAnywhere(environment, request)
  if (path === '/oauth') return answerLogout(origin, request)
  if (path === STYLESHEET_PATH) return stylesheetReply()
  if (path === '/favicon.ico') return { status: 204, headers: {}, body: '' }
  if (path.startsWith('/_sandbox/')) return answerAdmin(environment, handling.faults, request)
  if (path === '/_sandbox') return jsonReply(200, { sandbox: true })
  const bare = path === '/' && request.method === 'GET' && request.query === ''
  if (bare && singleHeader(request, 'authorization') === undefined) return htmlReply(200, frontPage)
  return await answerSts(environment, request)
}

function stylesheetReply(): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=300' },
    body: stylesheet,
  }
}

function sendHalf(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body)
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length })
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy())
}
