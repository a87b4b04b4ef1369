import { escapeMarkup } from '../http/html.ts'
import type { Reply } from '../http/reply.ts'
import { federationError } from '../federation/error-page.ts'
import { errorReply } from '../sts/endpoint.ts'
import { regionDisabled } from '../sts/region.ts'
import { accessDenied, expiredToken, StsError } from '../sts/sts-error.ts'
import type { Fault } from './faults.ts'

/** The answer that replaces the right one, or undefined for faults that only delay or cut it. */
export function faultyReply(fault: Fault, requestId: string): Reply | undefined {
  switch (fault.kind) {
    case 'throttling':
      return errorReply(new StsError(400, 'Throttling', 'Rate exceeded'), requestId)
    case 'internal-failure':
      return errorReply(
        new StsError(
          500,
          'InternalFailure',
          'The request processing has failed because of an unknown error, exception or failure.',
        ),
        requestId,
      )
    case 'unavailable':
      return errorReply(
        new StsError(
          503,
          'ServiceUnavailable',
          'The request has failed due to a temporary failure of the server.',
        ),
        requestId,
      )
    case 'region-disabled':
      return errorReply(regionDisabled('111111111111'), requestId)
    case 'access-denied':
      return errorReply(accessDenied('Access denied'), requestId)
    case 'expired-token':
      return errorReply(expiredToken(), requestId)
    case 'identity-rejected':
      return errorReply(
        new StsError(403, 'IDPRejectedClaim', 'The identity provider rejected the claim.'),
        requestId,
      )
    case 'bad-request':
      return federationError('branded')
    case 'html':
      return {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: `<html><body><h1>Gateway</h1><p>${escapeMarkup(requestId)}</p></body></html>`,
      }
    case 'slow':
    case 'half-answer':
    case 'reset':
      return undefined
  }
}
