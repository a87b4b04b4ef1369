import type { DirectoryEntry } from './directory-entry.ts'
import { DirectoryRefusal, type DirectoryRefusalCode } from './directory-fault.ts'
import { readFileTime } from './windows-time.ts'

/** Why an account may not be used; undefined when it may. */
export type AccountFault = Extract<
  DirectoryRefusalCode,
  | 'directory_disabled'
  | 'directory_locked'
  | 'directory_expired'
  | 'directory_password_expired'
  | 'directory_state'
>

/** What stands for the person at this sign-in. An expired password spoils a ticket too, and no certificate. */
export type Proof = 'password' | 'ticket' | 'certificate'

export const windowsStateAttributes = [
  'userAccountControl',
  'msDS-User-Account-Control-Computed',
  'accountExpires',
]

// MS-ADTS §2.2.16 and §3.1.1.4.5.17
const disabled = 0x2
const lockedOut = 0x10
const passwordExpired = 0x80_0000

/** What Active Directory says of an account at a time (milliseconds). What can't be read counts as a fault. */
export function windowsAccountFault(entry: DirectoryEntry, now: number): AccountFault | undefined {
  const control = flags(entry.text('userAccountControl'))
  const computed = flags(entry.text('msDS-User-Account-Control-Computed'))
  const expires = readExpiry(entry.text('accountExpires'))
  if (control === undefined || computed === undefined || expires === undefined) {
    return 'directory_state'
  }
  if (control & disabled) return 'directory_disabled'
  if (expires <= now) return 'directory_expired'
  if (computed & lockedOut) return 'directory_locked'
  return computed & passwordExpired ? 'directory_password_expired' : undefined
}

export const ldapStateAttributes = ['pwdAccountLockedTime', 'pwdReset', 'nsAccountLock']

/**
 * What a plain directory says of an account: the password policy of OpenLDAP (draft-behera-ldap-password-policy §5.3) and
 * the lock of 389 Directory Server. A lock that ends by itself counts until the next bind lifts it.
 */
export function ldapAccountFault(entry: DirectoryEntry): AccountFault | undefined {
  const [lockedSince] = entry.texts('pwdAccountLockedTime')
  const lockedForGood = lockedSince?.startsWith('000001010000') === true
  if (lockedForGood || isTrue(entry, 'nsAccountLock')) return 'directory_disabled'
  if (entry.bytes('pwdAccountLockedTime').length > 0) return 'directory_locked'
  return isTrue(entry, 'pwdReset') ? 'directory_password_expired' : undefined
}

/** DirectoryRefusal for an account that may not be used with such a proof. */
export function demandUsable(
  fault: AccountFault | undefined,
  proof: Proof,
  account: string | undefined,
): void {
  if (fault === undefined) return
  if (fault === 'directory_password_expired' && proof === 'certificate') return
  throw new DirectoryRefusal(fault, undefined, account)
}

function isTrue(entry: DirectoryEntry, attribute: string): boolean {
  return entry.texts(attribute).some((value) => value.toUpperCase() === 'TRUE')
}

function flags(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,10}$/.test(text) ? Number(text) : undefined
}

/** 0 and the largest number mean never (MS-ADA1, accountExpires). */
function readExpiry(text: string | undefined): number | undefined {
  if (text === '0' || text === '9223372036854775807') return Number.POSITIVE_INFINITY
  return text === undefined ? undefined : readFileTime(text)
}
