import { readFile } from 'node:fs/promises'
import type { Config } from '../../config/config.ts'
import type { IssuerConfig, KeyConfig } from '../../config/issuer-config.ts'
import { keySourceOf } from '../../compose/keys.ts'
import type { Effects } from '../../effects.ts'
import { createIdentityProvider } from '../../issuers/saml-provider/identity-provider.ts'
import { certificateAuthority } from '../../keys/certificate-authority.ts'
import { issueRevocationList } from '../../keys/issue-revocation-list.ts'
import type { IssuerMaterial } from './setup-part.ts'

type MaterialEffects = Pick<Effects, 'now' | 'randomBytes' | 'sleep'>

/** Reads what a setup shows of an issuer's keys: certificates, metadata, a revocation list. KeyFault. */
export async function issuerMaterial(
  issuer: IssuerConfig,
  config: Config,
  effects: MaterialEffects,
): Promise<IssuerMaterial> {
  if (issuer.type === 'roles-anywhere') {
    const { use, place } = issuer.key
    return use === 'authority' ? authorityMaterial(place, effects) : ownMaterial(place, effects)
  }
  if (issuer.type === 'assume-role' && issuer.source.type === 'roles-anywhere')
    return ownMaterial(issuer.source.key, effects)
  if (issuer.type !== 'assume-role-with-saml') return {}
  const { assertions } = issuer
  if (assertions.from === 'sign-in') return providerMaterial(assertions.method, config)
  const { name, entityId, keys } = assertions
  const { publicUrl } = config
  const [first, ...others] = keys.map((place) => keySourceOf(place, effects))
  if (!first) return {}
  const provider = createIdentityProvider({
    entityId: entityId ?? `${publicUrl}/saml/aws/metadata`,
    publicUrl,
    providerName: name,
    keys: [first, ...others],
    samlEndpoint: undefined,
    effects,
  })
  return { metadata: await provider.metadata() }
}

/** The metadata of a sign-in method's provider, where it is a file that can be read. */
async function providerMaterial(id: string, { signIn }: Config): Promise<IssuerMaterial> {
  const method = signIn.find((one) => one.id === id)
  const location = method?.type === 'saml' ? method.metadata.location : undefined
  if (location === undefined || !('file' in location)) return {}
  const metadata = await readFile(location.file, 'utf8').catch(() => undefined)
  return metadata === undefined ? {} : { metadata }
}

/** The certificate's own subject is what the trust policy asks for; its CA is somebody else's. */
async function ownMaterial(place: KeyConfig, effects: MaterialEffects): Promise<IssuerMaterial> {
  const { certificate } = await keySourceOf(place, effects).current()
  const commonName = certificate && /^CN=(.+)$/m.exec(certificate.subject)?.[1]
  return commonName === undefined ? {} : { tag: { key: 'x509Subject/CN', value: commonName } }
}

/** Milliseconds until the revocation list wants to be printed anew. */
const listLasts = 365 * 86_400_000

async function authorityMaterial(
  place: KeyConfig,
  effects: MaterialEffects,
): Promise<IssuerMaterial> {
  const now = effects.now()
  const ca = certificateAuthority(await keySourceOf(place, effects).current(), now)
  const commonName = /^CN=(.+)$/m.exec(ca.certificate.subject)?.[1]
  const list = await issueRevocationList(ca, {
    revoked: [],
    number: BigInt(Math.floor(now.getTime() / 1000)),
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + listLasts),
  })
  return {
    anchorCertificates: ca.certificate.toString(),
    revocationList: pem('X509 CRL', list),
    ...(commonName !== undefined && { tag: { key: 'x509Issuer/CN', value: commonName } }),
  }
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}
