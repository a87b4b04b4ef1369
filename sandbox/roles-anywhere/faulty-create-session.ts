import type { Fault } from '../faults/faults.ts'
import { faultyReply } from '../faults/faulty-reply.ts'
import type { Reply } from '../http/reply.ts'
import { refusalReply, RolesAnywhereRefusal } from './refusal.ts'

const REFUSALS: Readonly<Partial<Record<Fault['kind'], readonly [number, string, string]>>> = {
  throttling: [429, 'ThrottlingException', 'Rate exceeded'],
  'internal-failure': [500, 'InternalServerException', 'An internal error occurred'],
  unavailable: [503, 'ServiceUnavailableException', 'Service is unavailable'],
  'access-denied': [403, 'AccessDeniedException', 'Access denied'],
  'bad-request': [400, 'ValidationException', 'Bad request'],
  'region-disabled': [403, 'AccessDeniedException', 'Access denied'],
  'expired-token': [403, 'AccessDeniedException', 'Access denied'],
}

/** The answer that a fault puts in CreateSession's place, in the form of that service. */
export function faultyCreateSession(fault: Fault, requestId: string): Reply | undefined {
  const refusal = REFUSALS[fault.kind]
  if (refusal === undefined) return faultyReply(fault, requestId)
  return refusalReply(new RolesAnywhereRefusal(...refusal), requestId)
}
