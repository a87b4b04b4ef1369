import type { Identity } from '../../identity/identity.ts'
import type { NoRolesPage } from './page-models.ts'

const shown = 50

/** For somebody who is signed in and has no role: what whoever grants access wants to know. */
export function noRolesModel(
  identity: Pick<Identity, 'name' | 'methodLabel' | 'groups'>,
): NoRolesPage {
  return {
    signedInAs: identity.name,
    method: identity.methodLabel,
    groups: identity.groups.slice(0, shown),
    moreGroups: Math.max(0, identity.groups.length - shown),
  }
}
