import { type Reply, jsonReply } from '../http/reply.ts'

/** A refusal as IAM Roles Anywhere words it. */
export class RolesAnywhereRefusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export function denied(message: string): RolesAnywhereRefusal {
  return new RolesAnywhereRefusal(403, 'AccessDeniedException', message)
}

export function invalid(message: string): RolesAnywhereRefusal {
  return new RolesAnywhereRefusal(400, 'ValidationException', message)
}

export function notFound(message: string): RolesAnywhereRefusal {
  return new RolesAnywhereRefusal(404, 'ResourceNotFoundException', message)
}

/** The protocol is restJson1: the code stands in a header, the message in the body. */
export function refusalReply({ status, code, message }: RolesAnywhereRefusal, id: string): Reply {
  const { headers, body } = jsonReply(status, { message })
  return {
    status,
    headers: { ...headers, 'x-amzn-errortype': code, 'x-amzn-requestid': id },
    body,
  }
}
