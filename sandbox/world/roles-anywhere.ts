import { parseIdentityPolicy } from '../iam/policy.ts'
import { type Certificate, readPemCertificates } from '../x509/certificate.ts'
import { readRevocationLists, type RevocationList } from '../x509/revocation-list.ts'
import type { Account, RolesAnywhereProfile, TrustAnchor } from './world.ts'

interface Placed {
  readonly arn: string
  readonly account: Account
  readonly region: string
  readonly enabled: boolean
}

export interface TrustAnchorEntry extends Placed {
  readonly certificates: readonly Certificate[]
  readonly revocationLists: readonly RevocationList[]
}

export type ProfileEntry = Placed & Omit<RolesAnywhereProfile, 'id' | 'region' | 'enabled'>

const MOST_CERTIFICATES = 2

/** Trust anchors and profiles of every account. Adding throws an Error for what IAM Roles Anywhere would refuse. */
export class RolesAnywhere {
  readonly #anchors = new Map<string, TrustAnchorEntry>()
  readonly #profiles = new Map<string, ProfileEntry>()

  trustAnchor(arn: string): TrustAnchorEntry | undefined {
    return this.#anchors.get(arn)
  }

  profile(arn: string): ProfileEntry | undefined {
    return this.#profiles.get(arn)
  }

  addTrustAnchor(partition: string, account: Account, anchor: TrustAnchor): void {
    const { region, enabled = true } = anchor
    const arn = `arn:${partition}:rolesanywhere:${region}:${account.id}:trust-anchor/${anchor.id}`
    const certificates = readPemCertificates(anchor.certificates)
    if (certificates.length === 0 || certificates.length > MOST_CERTIFICATES) {
      throw new Error(`${arn} should have one or two certificates`)
    }
    if (!certificates.every(isAnchor)) {
      throw new Error(`${arn}: Incorrect basic constraints for CA certificate`)
    }
    const revocationLists = readRevocationLists(anchor.revocationLists ?? '')
    this.#anchors.set(arn, { arn, account, region, enabled, certificates, revocationLists })
  }

  addProfile(partition: string, account: Account, profile: RolesAnywhereProfile): void {
    const { id, enabled = true, ...rest } = profile
    const arn = `arn:${partition}:rolesanywhere:${rest.region}:${account.id}:profile/${id}`
    const seconds = rest.durationSeconds ?? 3600
    if (seconds < 900 || seconds > 43_200) {
      throw new Error(`${arn}: durationSeconds lies between 900 and 43200`)
    }
    if (rest.sessionPolicy && parseIdentityPolicy(rest.sessionPolicy) === undefined) {
      throw new Error(`${arn}: IAM would refuse this session policy`)
    }
    this.#profiles.set(arn, { ...rest, arn, account, enabled })
  }
}

function isAnchor({ isCa, keyUsage, strongSignature }: Certificate): boolean {
  return isCa && keyUsage?.keyCertSign === true && strongSignature
}
