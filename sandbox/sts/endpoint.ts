import type { Reply } from '../http/reply.ts'
import { xmlReply } from '../http/reply.ts'
import type { SandboxRequest } from '../http/request.ts'
import { verifySignature } from '../sigv4/verify.ts'
import type { Environment, SignedStsCall, StsAction, StsCall } from './action.ts'
import { assumeRoleWithSaml } from './assume-role-with-saml.ts'
import { assumeRole } from './assume-role.ts'
import { findCaller } from './caller.ts'
import { getCallerIdentity } from './get-caller-identity.ts'
import { getFederationToken } from './get-federation-token.ts'
import { getSessionToken } from './get-session-token.ts'
import { expiredToken, StsError } from './sts-error.ts'
import { errorXml, responseXml, type XmlFields } from './xml.ts'

const VERSION = '2011-06-15'

const actions: ReadonlyMap<string, StsAction> = new Map(
  [assumeRole, assumeRoleWithSaml, getCallerIdentity, getFederationToken, getSessionToken].map(
    (action) => [action.name, action],
  ),
)

/** Answers one query-protocol request: find the action, verify the signature, run it. */
export async function answerSts(environment: Environment, request: SandboxRequest): Promise<Reply> {
  try {
    const { name, result } = await dispatch(environment, request)
    return xmlReply(200, request.requestId, responseXml(name, result, request.requestId))
  } catch (error) {
    if (error instanceof StsError) return errorReply(error, request.requestId)
    throw error
  }
}

export function errorReply(error: StsError, requestId: string): Reply {
  const { status, code, message } = error
  return xmlReply(status, requestId, errorXml(status, code, message, requestId))
}

async function dispatch(
  environment: Environment,
  request: SandboxRequest,
): Promise<{ name: string; result: XmlFields }> {
  if (request.path !== '/' || !['GET', 'POST'].includes(request.method)) {
    // AWS does not document its answer to other paths and methods.
    throw new StsError(404, 'InvalidAction', `Could not find ${request.method} ${request.path}`)
  }
  const { form } = request
  if (form.malformed || form.duplicate !== undefined) {
    // Documented among the common errors; which faults earn it is not.
    const what = form.duplicate === undefined ? 'a syntax error' : `'${form.duplicate}' twice`
    throw new StsError(400, 'MalformedQueryString', `The query string contains ${what}.`)
  }
  const call: StsCall = { ...environment, request, values: form.values }
  const name = form.values.get('Action')
  if (name === undefined) {
    // Also what a body with another content type comes to: it is not read.
    const message = 'The request is missing an action or a required parameter.'
    throw new StsError(400, 'MissingAction', message)
  }
  const version = form.values.get('Version') ?? 'NO_VERSION_SPECIFIED'
  const action = version === VERSION ? actions.get(name) : undefined
  if (action === undefined) {
    const message = `Could not find operation ${name} for version ${version}`
    throw new StsError(400, 'InvalidAction', message)
  }
  return { name, result: await (action.signed ? action.run(authenticate(call)) : action.run(call)) }
}

function authenticate(call: StsCall): SignedStsCall {
  const { request, directory, seal, switches } = call
  const now = call.now()
  const { caller, region } = verifySignature(
    request,
    (accessKeyId, token) => findCaller(directory, seal, accessKeyId, token),
    { ...switches, now },
  )
  if (caller.session !== undefined && caller.session.expiresAt <= now.getTime()) {
    throw expiredToken()
  }
  return { ...call, caller, region }
}
