import type { SamlProviderEntry } from '../../world/saml-providers.ts'
import type { Environment } from '../action.ts'
import {
  backEndRefusal,
  expiredAssertion,
  invalidIdentityToken,
  invalidSamlResponse,
  notAuthorizedWithSaml,
} from './refusals.ts'
import type { SamlAssertion } from './saml-assertion.ts'
import { verifiedAssertion } from './verified-assertion.ts'

/** An assertion that STS takes, with its subject, which STS insists on. */
export type AcceptedAssertion = SamlAssertion & {
  readonly subject: NonNullable<SamlAssertion['subject']>
}

const REDEEM_WITHIN = 5 * 60 * 1000

/**
 * Takes a response as it was posted to a service provider, or throws as STS does. It may come again, for the same role
 * or another, until its five minutes are over.
 */
export async function acceptAssertion(
  environment: Pick<Environment, 'now' | 'switches'>,
  provider: SamlProviderEntry | undefined,
  base64: string,
  requestId: string,
): Promise<AcceptedAssertion> {
  const { now, switches } = environment
  const xml = decode(base64)
  if (xml === undefined) throw invalidSamlResponse('Invalid base64 SAMLResponse', requestId)
  const metadata = await provider?.metadata()
  if (metadata === undefined) {
    const code = 'AuthSamlManifestNotFoundException'
    throw backEndRefusal("Specified provider doesn't exist", code, requestId)
  }
  const expected = { provider: metadata, sha1: switches.samlSha1, requestId }
  const assertion = verifiedAssertion(xml, expected)
  checkTimes(assertion, now().getTime(), switches.samlClockSkewSeconds * 1000)
  const restrictions = assertion.audiences
  const forAws = restrictions.every((list) =>
    list.some((one) => switches.samlAudiences.includes(one)),
  )
  if (restrictions.length === 0 || !forAws) {
    throw invalidIdentityToken('Response does not contain the required audience.')
  }
  const { subject } = assertion
  if (subject === undefined) throw notAuthorizedWithSaml()
  return { ...assertion, subject }
}

/** Only a clock that is ahead of ours is forgiven: five minutes are five minutes. */
function checkTimes(assertion: SamlAssertion, now: number, skew: number): void {
  const { issuedAt, notBefore, notOnOrAfter, confirmationEnds } = assertion
  if (now - issuedAt > REDEEM_WITHIN) {
    throw expiredAssertion('Token must be redeemed within 5 minutes of issuance')
  }
  // AWS does not document its words for the other times.
  if (now >= confirmationEnds || (notOnOrAfter !== undefined && now >= notOnOrAfter)) {
    throw expiredAssertion('The assertion is no longer valid')
  }
  if (issuedAt > now + skew || (notBefore !== undefined && notBefore > now + skew)) {
    throw invalidIdentityToken('The assertion is not yet valid')
  }
}

function decode(base64: string): string | undefined {
  const bare = base64.replace(/[\r\n]/g, '')
  if (bare === '' || bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(bare, 'base64'),
    )
  } catch {
    return undefined
  }
}
