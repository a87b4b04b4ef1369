import { StsError } from '../sts/sts-error.ts'
import { incompleteSignature } from './authorization.ts'
import type { Scope } from './signature.ts'

/** Splits `AKID/yyyymmdd/region/service/aws4_request`. Throws IncompleteSignature for any other count. */
export function parseCredential(credential: string): { accessKeyId: string; scope: Scope } {
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split('/')
  if (
    accessKeyId === undefined ||
    date === undefined ||
    region === undefined ||
    service === undefined ||
    terminator === undefined ||
    rest.length > 0
  ) {
    throw incompleteSignature(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    )
  }
  return { accessKeyId, scope: { date, region, service, terminator } }
}

/**
 * Throws SignatureDoesNotMatch with a sentence for each part of the scope that is wrong. `region` is this
 * endpoint's; undefined accepts any, for a sandbox plays every region at once.
 */
export function checkScope(scope: Scope, requestDate: string, region: string | undefined): void {
  const faults: string[] = []
  const valid =
    region === undefined ? /^[a-z0-9-]{2,32}$/.test(scope.region) : scope.region === region
  if (!valid) faults.push(`Credential should be scoped to a valid region, not '${scope.region}'.`)
  if (scope.service !== 'sts') faults.push("Credential should be scoped to correct service: 'sts'.")
  if (scope.terminator !== 'aws4_request') {
    faults.push(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${scope.terminator}'.`,
    )
  }
  const day = requestDate.slice(0, 8)
  if (scope.date !== day) {
    faults.push(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${day}', from '${requestDate}'.`,
    )
  }
  if (faults.length > 0) throw new StsError(403, 'SignatureDoesNotMatch', faults.join(' '))
}
