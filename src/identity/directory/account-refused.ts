import { AccessDenied } from '../../errors.ts'
import type { DirectoryRefusal, DirectoryRefusalCode } from './directory-fault.ts'

const askThem = 'Ask whoever looks after accounts in your company.'
const gone = `Your company’s directory no longer admits your account. ${askThem}`

/** To somebody who is signed in; unlike at the sign-in there is nothing to guess at. What isn't here is `gone`. */
const says: Readonly<Partial<Record<DirectoryRefusalCode, string>>> = {
  directory_disabled: `Your account has been disabled. ${askThem}`,
  directory_expired: `Your account has expired. ${askThem}`,
  directory_locked: `Your account is locked at this moment. Wait until the lock ends, or have it lifted. ${askThem}`,
  directory_password_expired:
    'Your password has expired or must be changed. Change it at a computer of your company, then try again.',
}

/** The directory does not admit somebody any more who had signed in. The detail holds its reason, for log and trail. */
export class AccountRefused extends AccessDenied {
  constructor(cause: DirectoryRefusal) {
    const { refusal, detail } = cause
    super(says[refusal] ?? gone, { cause, ...(detail !== undefined && { detail }) })
  }
}
