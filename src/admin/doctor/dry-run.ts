import type { Role } from '../../entitlements/catalogue.ts'
import type { Issuer } from '../../issuers/issuer.ts'
import type { IssuerConfig } from '../../config/issuer-config.ts'
import { examined, type Finding, ok } from './finding.ts'

/** Seconds: the least that AWS takes. */
const shortest = 900
const nobody = { people: 'postern', id: 'doctor' }
const sessionName = 'postern-doctor'

/**
 * Takes the role for as short as may be, with what the role carries for everybody, and drops what comes back. Ways that
 * need a person are not tried.
 */
export async function dryRun(
  role: Role,
  settings: IssuerConfig | undefined,
  issuer: Issuer | undefined,
): Promise<Finding> {
  const what = `role ${role.arn.arn}`
  const reason = settings && needsPerson(settings)
  if (reason !== undefined || !issuer)
    return { what, state: 'not tried', says: reason ?? 'it has no issuer', fixes: [] }
  return examined(what, async () => {
    const { session, arn, region } = role
    // A tag's value comes from a person, and here there is none.
    const { assumedRoleArn } = await issuer.issue({
      role: arn,
      person: nobody,
      durationSeconds: shortest,
      roleSessionName: sessionName,
      sourceIdentity: session.sourceIdentity === undefined ? undefined : sessionName,
      tags: Object.fromEntries(Object.keys(session.tags).map((key) => [key, sessionName])),
      transitiveTagKeys: session.transitiveTagKeys,
      policy: session.policy,
      policyArns: session.policyArns,
      externalId: session.externalId,
      region,
    })
    return ok(what, `AWS gave ${assumedRoleArn}`)
  })
}

function needsPerson(settings: IssuerConfig): string | undefined {
  if (settings.type === 'assume-role-with-saml' && settings.assertions.from === 'sign-in')
    return 'it takes the sign-in of a person'
  if (settings.type === 'roles-anywhere' && settings.key.use === 'authority')
    return 'it takes a certificate, which is made for persons only'
  return undefined
}
