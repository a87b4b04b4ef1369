import { DirectoryRefusal } from './directory-fault.ts'
import type { NameKey } from './person-key.ts'

/** What a domain is called. */
export interface DomainNames {
  readonly realm: string
  readonly netbiosDomain: string | undefined
}

/** Longer than any name or password of a directory (MS-ADA3: userPrincipalName 1024, sAMAccountName 256). */
const longest = { name: 1_024, password: 1_024 }
const control = /\p{Cc}/u

/**
 * The typed name without the blanks around it. DirectoryRefusal for what no bind may see: an empty or blank name or
 * password (RFC 4513 §5.1.2: anonymous, with success), and control characters, NUL before all.
 */
export function checkTyped(typed: { readonly name: string; readonly password: string }): string {
  const name = typed.name.trim()
  const faulty =
    name === '' ||
    typed.password.trim() === '' ||
    typed.name.length > longest.name ||
    typed.password.length > longest.password ||
    control.test(typed.name) ||
    typed.password.includes('\0')
  if (faulty) throw new DirectoryRefusal('directory_input')
  return name
}

/**
 * What a typed name means in a domain: `alice`, `CORP\alice`, `alice@corp.example`, which people type for their account
 * name too, or a user principal name with a suffix of its own. DirectoryRefusal for a name of another domain.
 */
export function readTypedName(name: string, domain: DomainNames): NameKey {
  const backslash = name.indexOf('\\')
  if (backslash >= 0) {
    const account = name.slice(backslash + 1)
    const ours = [domain.realm, domain.netbiosDomain].some((known) =>
      same(known, name.slice(0, backslash)),
    )
    if (!ours || account === '' || /[\\@]/.test(account)) {
      throw new DirectoryRefusal('directory_name_form')
    }
    return { by: 'name', account, principal: undefined }
  }
  const at = name.lastIndexOf('@')
  if (at < 0) return { by: 'name', account: name, principal: undefined }
  const [account, suffix] = [name.slice(0, at), name.slice(at + 1)]
  if (account === '' || suffix === '') throw new DirectoryRefusal('directory_name_form')
  return {
    by: 'name',
    account: same(domain.realm, suffix) ? account : undefined,
    principal: name,
  }
}

function same(known: string | undefined, typed: string): boolean {
  return known?.toLowerCase() === typed.toLowerCase()
}
