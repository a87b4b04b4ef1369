import { headerValues, type SandboxRequest } from '../http/request.ts'
import { StsError } from '../sts/sts-error.ts'
import { parseAuthorization, requireSupportedAlgorithm } from './authorization.ts'
import { canonicalRequest } from './canonical-request.ts'
import { checkPresignedExpiry, checkRequestTime } from './request-time.ts'
import { checkScope, parseCredential } from './scope.ts'
import { sameSignature, sign } from './signature.ts'

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

/** What a key's ID, with the token that came along, stands for; undefined when there is no such key. */
export type KeyLookup<Caller> = (
  accessKeyId: string,
  securityToken: string | undefined,
) => { readonly secretAccessKey: string; readonly caller: Caller } | undefined

export interface SignatureRules {
  readonly now: Date
  /** The region that this endpoint serves; undefined for any. */
  readonly region: string | undefined
  readonly requireSignedAmzHeaders: boolean
  readonly enforcePresignedExpiry: boolean
}

export interface Signed<Caller> {
  readonly caller: Caller
  readonly accessKeyId: string
  readonly region: string
}

/**
 * Verifies Signature Version 4 step by step and says who signed. Throws StsError with AWS's own code:
 * MissingAuthenticationToken, IncompleteSignature, SignatureDoesNotMatch, InvalidClientTokenId.
 */
export function verifySignature<Caller>(
  request: SandboxRequest,
  lookup: KeyLookup<Caller>,
  rules: SignatureRules,
): Signed<Caller> {
  const authorization = parseAuthorization(request)
  if (authorization === undefined) {
    throw new StsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token')
  }
  const date = checkRequestTime(authorization.date, rules.now)
  if (rules.enforcePresignedExpiry) checkPresignedExpiry(date, authorization.expires, rules.now)
  requireSignedHeaders(request, authorization.signedHeaders, rules.requireSignedAmzHeaders)
  requireSupportedAlgorithm(authorization)
  const { accessKeyId, scope } = parseCredential(authorization.credential)
  checkScope(scope, date, rules.region)
  const key = lookup(accessKeyId, authorization.securityToken)
  if (key === undefined) {
    throw new StsError(
      403,
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    )
  }
  const canonical = canonicalRequest(request, authorization.signedHeaders)
  const ours = sign(key.secretAccessKey, scope, date, canonical)
  if (!sameSignature(ours, authorization.signature)) {
    throw new StsError(403, 'SignatureDoesNotMatch', MISMATCH)
  }
  return { caller: key.caller, accessKeyId, region: scope.region }
}

function requireSignedHeaders(
  request: SandboxRequest,
  signed: readonly string[],
  requireAmz: boolean,
): void {
  if (!signed.includes('host') || headerValues(request, 'host').length !== 1) {
    throw new StsError(
      403,
      'SignatureDoesNotMatch',
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    )
  }
  if (!requireAmz) return
  const unsigned = request.headers.find(
    ([name]) => name.startsWith('x-amz-') && !signed.includes(name),
  )
  if (unsigned === undefined) return
  throw new StsError(
    403,
    'SignatureDoesNotMatch',
    `'${unsigned[0]}' must be a 'SignedHeader' in the AWS Authorization.`,
  )
}
