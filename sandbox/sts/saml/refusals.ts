import { accessDenied, StsError } from '../sts-error.ts'

export function invalidIdentityToken(message: string): StsError {
  return new StsError(400, 'InvalidIdentityToken', message)
}

/** STS passes on what the service behind it says, with that service's name and request ID. */
export function backEndRefusal(message: string, code: string, requestId: string): StsError {
  const details = `Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: ${code}; Request ID: ${requestId}; Proxy: null`
  return invalidIdentityToken(`${message} (${details})`)
}

export function invalidSamlResponse(message: string, requestId: string): StsError {
  return backEndRefusal(message, 'AuthSamlInvalidSamlResponseException', requestId)
}

/** Also for a role that doesn't exist: it discloses nothing. */
export function notAuthorizedWithSaml(): StsError {
  return accessDenied('Not authorized to perform sts:AssumeRoleWithSAML')
}

/** With this spelling, unlike the ExpiredToken of the signature check. */
export function expiredAssertion(message: string): StsError {
  return new StsError(400, 'ExpiredTokenException', message)
}
