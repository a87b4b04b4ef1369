import type { X509Certificate } from 'node:crypto'
import { keySourceOf } from '../../compose/keys.ts'
import type { Config } from '../../config/config.ts'
import type { IssuerConfig, KeyConfig } from '../../config/issuer-config.ts'
import { readCertificate } from '../../config/key-pair.ts'
import type { Effects } from '../../effects.ts'
import { certificateAuthority } from '../../keys/certificate-authority.ts'
import { leafShortcomings } from '../../keys/leaf-requirements.ts'
import { examined, type Finding, ok } from './finding.ts'

/** One key of an issuer's, and what it must be good for. */
interface IssuerKey {
  readonly what: string
  readonly use: 'roles-anywhere' | 'authority' | 'saml'
  readonly place: KeyConfig
}

/** Every key with a certificate that the issuers use. */
export function issuerKeys(issuers: ReadonlyMap<string, IssuerConfig>): readonly IssuerKey[] {
  return [...issuers].flatMap(([name, issuer]): IssuerKey[] => {
    if (issuer.type === 'roles-anywhere') {
      const use = issuer.key.use === 'authority' ? 'authority' : 'roles-anywhere'
      return [{ what: `certificate of ${name}`, use, place: issuer.key.place }]
    }
    if (issuer.type === 'assume-role' && issuer.source.type === 'roles-anywhere') {
      const { key } = issuer.source
      return [{ what: `certificate of ${name}`, use: 'roles-anywhere', place: key }]
    }
    if (issuer.type === 'assume-role-with-saml' && issuer.assertions.from === 'identity-provider')
      return issuer.assertions.keys.map((place, index) => ({
        what: `SAML key ${index + 1} of ${name}`,
        use: 'saml',
        place,
      }))
    return []
  })
}

/** Whether the key can be opened, is of the right kind, and lasts. */
export async function examineKey(
  { what, use, place }: IssuerKey,
  effects: Pick<Effects, 'now' | 'sleep'>,
): Promise<Finding> {
  return examined(what, async () => {
    const signer = await keySourceOf(place, effects).current()
    const { certificate } = signer
    if (use === 'authority') certificateAuthority(signer, effects.now())
    if (!certificate)
      return {
        what,
        state: 'failed',
        says: 'there is no certificate beside the key',
        fixes: ['Name the certificate.'],
      }
    const shortcomings = use === 'roles-anywhere' ? await leafShortcomings(certificate) : []
    if (shortcomings.length > 0)
      return {
        what,
        state: 'failed',
        says: `AWS would not take it. ${shortcomings.join(' ')}`,
        fixes: ['Issue an end-entity certificate with the key usage digitalSignature and SHA-256.'],
      }
    return examineExpiry(what, certificate, effects.now())
  })
}

/** The certificate that Postern serves TLS with; undefined where something else does. */
export function examineListener(
  { listen }: Pick<Config, 'listen'>,
  now: Date,
): Finding | undefined {
  const certificate = listen.tls && readCertificate(listen.tls.certificate)
  return certificate && examineExpiry('certificate of the listener', certificate, now)
}

const day = 86_400_000
const soon = 30

function examineExpiry(
  what: string,
  { validFromDate, validToDate }: X509Certificate,
  now: Date,
): Finding {
  const until = validToDate.toISOString().slice(0, 10)
  const days = Math.floor((validToDate.getTime() - now.getTime()) / day)
  if (validFromDate > now)
    return {
      what,
      state: 'failed',
      says: `it is not valid before ${validFromDate.toISOString().slice(0, 10)}`,
      fixes: ['Check the clock, or wait.'],
    }
  if (days < 0)
    return { what, state: 'failed', says: `it expired on ${until}`, fixes: ['Renew it.'] }
  if (days < soon)
    return {
      what,
      state: 'warning',
      says: `it expires on ${until}, in ${days} days`,
      fixes: ['Renew it.'],
    }
  return ok(what, `valid until ${until}`)
}
