import { mintCredentials } from '../sessions/session.ts'
import type { StsAction } from './action.ts'
import { credentialsXml } from './credentials-xml.ts'
import { Parameters } from './parameters.ts'
import { accessDenied } from './sts-error.ts'

/** Temporary credentials for the user itself. MFA is not emulated: a code is refused. */
export const getSessionToken: StsAction = {
  name: 'GetSessionToken',
  signed: true,
  run: ({ caller, values, now, seal }) => {
    const parameters = new Parameters(values)
    const longest = caller.isRoot ? 3600 : 43_200
    const asked = parameters.integer('DurationSeconds', 900, 129_600) ?? longest
    parameters.check()
    if (caller.session !== undefined) {
      throw accessDenied('Cannot call GetSessionToken with session credentials')
    }
    if (values.has('SerialNumber') || values.has('TokenCode')) {
      throw accessDenied('MultiFactorAuthentication failed, unable to validate MFA code.')
    }
    const issuedAt = now().getTime()
    const duration = caller.isRoot ? Math.min(asked, longest) : asked
    const credentials = mintCredentials(seal, {
      origin: 'session-token',
      account: caller.account,
      arn: caller.arn,
      userId: caller.userId,
      of: caller.arn,
      issuedAt,
      expiresAt: issuedAt + duration * 1000,
      tags: [],
      policyArns: [],
    })
    return [['Credentials', credentialsXml(credentials)]]
  },
}
