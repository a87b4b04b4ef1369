import type { Identity } from '../../identity/identity.ts'

export interface NoRolesPage {
  readonly signedInAs: string
  readonly method: string
  /** The groups that came with the sign-in, for whoever grants access; at most fifty. */
  readonly groups: readonly string[]
  /** How many more there are. */
  readonly moreGroups: number
}

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
