import { type BareIssuer, callOptions, issuerKey, type IssuerParts } from './bare-issuer.ts'
import type { RolesAnywhereConfig } from '../config/issuer-config.ts'
import { createPersonCertificateIssuer } from '../issuers/person-certificate.ts'
import {
  createRolesAnywhereIssuer,
  type RolesAnywherePlace,
  rolesAnywhereTarget,
} from '../issuers/roles-anywhere.ts'
import { regionOf } from '../rolesanywhere/create-session.ts'

/** Milliseconds for which a serial number is kept: the life of a CA, more or less. It holds 126 random bits anyway. */
const serialsLast = 365 * 86_400_000

/** CreateSession, with one certificate or with one for each person. */
export function composeRolesAnywhere(
  name: string,
  settings: RolesAnywhereConfig,
  parts: IssuerParts,
): BareIssuer {
  const place = rolesAnywherePlace(settings, parts)
  const { effects, audit, claims } = parts
  const { sendSessionName, key } = settings
  const common = { ...place, ...callOptions(parts), name, sendSessionName, effects }
  const source = issuerKey(key.place, parts)
  const claimSerial = (serial: string): Promise<boolean> =>
    claims.claim('certificate-serial', serial, effects.now().getTime() + serialsLast)
  const issuer =
    key.use === 'authority'
      ? createPersonCertificateIssuer({ ...common, authority: source, claimSerial, audit })
      : createRolesAnywhereIssuer({ ...common, key: source })
  const [, , , , account = ''] = place.trustAnchorArn.split(':')
  return {
    issuer,
    placeOf: () => `Roles Anywhere of ${account} in ${regionOf(place, place.region)}`,
    hostOf: () => rolesAnywhereTarget(place).host,
    // Trust anchors are regional: another region has none.
    secondRegion: () => undefined,
  }
}

/** Where IAM Roles Anywhere is asked. */
export function rolesAnywherePlace(
  settings: Pick<RolesAnywhereConfig, 'trustAnchorArn' | 'profileArn' | 'region'>,
  { config }: Pick<IssuerParts, 'config'>,
): RolesAnywherePlace {
  const { trustAnchorArn, profileArn, region } = settings
  const { endpoints, fips, dualStack } = config.aws
  const { rolesAnywhere: endpoint } = endpoints
  const asked = endpoint === undefined ? { fips, dualStack } : { endpoint }
  return { trustAnchorArn, profileArn, region, ...asked }
}
