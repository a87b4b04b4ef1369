import { BrokerError, SignInFailed } from '../../errors.ts'

/** No controller of the directory answers, or it refuses what Postern itself asks. Says nothing about anybody's account. */
export class DirectoryUnavailable extends BrokerError {
  readonly code = 'temporarily_unavailable'
  readonly status = 503

  constructor(detail: string, cause?: unknown) {
    super('Postern can’t ask your company’s directory at this moment. Try again later.', {
      detail,
      cause,
    })
  }
}

/** One controller gave no answer. Another may. */
export class ControllerSilent extends Error {
  override readonly name = 'ControllerSilent'
}

/** Every reason for which a directory doesn't admit somebody, for log, trail and metrics. */
const directoryRefusals = {
  directory_input:
    'The name or the password is empty, blank, too long or holds a control character.',
  directory_name_form: 'The name is of another domain than this one.',
  directory_no_such_person: 'Nobody below the base DN has this name.',
  directory_ambiguous: 'More than one entry has this name.',
  directory_entry: 'The entry lacks what makes an identity, or the service account can’t read it.',
  directory_throttled: 'Too many tries for this account.',
  directory_lockout_near: 'One more wrong password would lock the account.',
  directory_password: 'The directory refused the password.',
  directory_bind: 'The directory refused to bind as this person.',
  directory_disabled: 'The account is disabled.',
  directory_locked: 'The account is locked.',
  directory_expired: 'The account has expired.',
  directory_password_expired: 'The password has expired or must be changed.',
  directory_state: 'The state of the account can’t be read.',
  directory_groups: 'The groups can’t be read, or are too many.',
} as const

export type DirectoryRefusalCode = keyof typeof directoryRefusals

/** Somebody whom the directory doesn't admit. `refusal` says why; the message is the same for all. */
export class DirectoryRefusal extends SignInFailed {
  readonly refusal: DirectoryRefusalCode
  /** The directory's own name of whom it concerns, once there is exactly one. Never what was typed. */
  readonly account: string | undefined

  constructor(refusal: DirectoryRefusalCode, found?: string, account?: string) {
    super('That name and password don’t match.', {
      detail: [`${refusal}:`, directoryRefusals[refusal], found].filter(Boolean).join(' '),
    })
    this.refusal = refusal
    this.account = account
  }
}
