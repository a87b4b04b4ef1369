import { jsonReply, type Reply } from '../http/reply.ts'
import type { SandboxRequest } from '../http/request.ts'
import type { Environment } from '../sts/action.ts'
import { createSession } from './create-session.ts'
import { refusalReply, RolesAnywhereRefusal } from './refusal.ts'

/** `POST /sessions`: 201, or a refusal in IAM Roles Anywhere's form. */
export function answerRolesAnywhere(environment: Environment, request: SandboxRequest): Reply {
  const { requestId } = request
  try {
    if (request.method !== 'POST') {
      throw new RolesAnywhereRefusal(
        403,
        'MissingAuthenticationTokenException',
        'Missing Authentication Token',
      )
    }
    const { headers, ...reply } = jsonReply(201, createSession(environment, request))
    return { ...reply, headers: { ...headers, 'x-amzn-requestid': requestId } }
  } catch (error) {
    if (error instanceof RolesAnywhereRefusal) return refusalReply(error, requestId)
    throw error
  }
}
