/** A refusal as STS words it: HTTP status, code and message. */
export class StsError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export function accessDenied(message: string): StsError {
  return new StsError(403, 'AccessDenied', message)
}

export function validationError(message: string): StsError {
  return new StsError(400, 'ValidationError', message)
}

export function invalidParameterValue(message: string): StsError {
  return new StsError(400, 'InvalidParameterValue', message)
}

/** Spelt ExpiredToken here and ExpiredTokenException elsewhere; STS's own signature check says this. */
export function expiredToken(): StsError {
  return new StsError(403, 'ExpiredToken', 'The security token included in the request is expired')
}

/** `User: … is not authorized to perform: …`; the same for a role that doesn't exist, which discloses nothing. */
export function notAuthorized(callerArn: string, action: string, resource: string): StsError {
  return accessDenied(
    `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource}`,
  )
}
