import type { BindRefusal } from './directory-connection.ts'
import { DirectoryRefusal, type DirectoryRefusalCode } from './directory-fault.ts'

const invalidCredentials = 49

/** The sub-codes of error 49 (Windows error codes, [MS-ERREF] §2.2, in hexadecimal). */
const subCodes: Readonly<Record<string, { refusal: DirectoryRefusalCode; means: string }>> = {
  '525': { refusal: 'directory_password', means: 'no such user' },
  '52e': { refusal: 'directory_password', means: 'wrong password, or no such user' },
  '530': { refusal: 'directory_bind', means: 'not permitted at this time' },
  '531': { refusal: 'directory_bind', means: 'not permitted from this computer' },
  '532': { refusal: 'directory_password_expired', means: 'the password has expired' },
  '533': { refusal: 'directory_disabled', means: 'the account is disabled' },
  '568': { refusal: 'directory_bind', means: 'member of too many groups' },
  '701': { refusal: 'directory_expired', means: 'the account has expired' },
  '773': { refusal: 'directory_password_expired', means: 'the password must be changed' },
  '775': { refusal: 'directory_locked', means: 'the account is locked' },
}

/** The sub-code in what a directory says to a refused bind: `52e`. Undefined where it gives none. */
export function readSubCode({ code, message }: BindRefusal): string | undefined {
  if (code !== invalidCredentials) return undefined
  return /\bdata ([\da-f]{1,8})\b/i.exec(message)?.[1]?.toLowerCase()
}

/**
 * A refused bind as a DirectoryRefusal. Active Directory gives 533 and its like only with the right password, so the code
 * goes to the log and to nobody else.
 */
export function refusedBind(refused: BindRefusal, account?: string): DirectoryRefusal {
  const subCode = readSubCode(refused)
  const known = subCode === undefined ? undefined : subCodes[subCode]
  const fallback = refused.code === invalidCredentials ? 'directory_password' : 'directory_bind'
  const found = [`Result ${refused.code}`, subCode && `data ${subCode}`, known?.means]
  return new DirectoryRefusal(
    known?.refusal ?? fallback,
    `${found.filter(Boolean).join(', ')}.`,
    account,
  )
}
