import type { Account } from '../../entitlements/catalogue.ts'

export interface AccountBand {
  readonly id: string
  /** `1111 1111 1111`. */
  readonly idText: string
  readonly name: string
  readonly tone: 'neutral' | 'calm' | 'caution' | 'danger'
}

export interface RoleWords {
  readonly arn: string
  readonly name: string
}

/** The account as its band shows it, with the number in groups of four. */
export function accountBand(account: Account): AccountBand {
  const idText = account.id.replace(/\d{4}(?=\d)/g, '$& ')
  return { id: account.id, idText, name: plainText(account.name), tone: account.tone }
}

/** How CloudTrail will name somebody in a role: `ReadOnly/bob`. */
export function awsSees(roleName: string, roleSessionName: string): string {
  return `${roleName}/${roleSessionName}`
}

/** Where one chooses how long a role is to last. A role's name is unique in its account, whatever its path. */
export function chooseHref(accountId: string, roleName: string): string {
  return `/role?${new URLSearchParams({ account: accountId, role: roleName }).toString()}`
}

/** Where the results page of a role session is. */
export function roleSessionHref(id: string): string {
  return `/role-sessions/${encodeURIComponent(id)}`
}

/** Without control characters and those that turn the text around them, so that no name can rewrite its sentence. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
}
