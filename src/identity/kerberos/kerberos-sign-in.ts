import type { Effects } from '../../effects.ts'
import type { ClaimStore } from '../claim-store.ts'
import type { Directory } from '../directory/directory.ts'
import { DirectoryRefusal } from '../directory/directory-fault.ts'
import { directoryIdentity } from '../directory/directory-identity.ts'
import type { NameKey } from '../directory/person-key.ts'
import { readTypedName } from '../directory/typed-name.ts'
import type { Identity } from '../identity.ts'
import { acceptToken, startServer } from './accept-token.ts'
import { type Gssapi, loadGssapi } from './gssapi.ts'
import type { KerberosPrincipal } from './kerberos-principal.ts'
import { KerberosRefusal } from './kerberos-refusal.ts'
import { readNegotiateToken } from './negotiate-token.ts'

export interface KerberosSettings {
  /** ID, label and population of the sign-in method; the population is usually that of the directory's own form. */
  readonly id: string
  readonly label: string
  readonly people: string
  /** The GSS service name, `HTTP@postern.corp.example`: the host name that browsers ask for. */
  readonly service: string
  /** As Kerberos writes it: `CORP.EXAMPLE`. */
  readonly realm: string
}

export interface KerberosParts {
  readonly settings: KerberosSettings
  /** Where tickets' names are looked up. It needs a service account. */
  readonly directory: Pick<Directory, 'lookUp'>
  readonly claims: ClaimStore
  readonly effects: Pick<Effects, 'now'>
  /** Default: the optional package, loaded with the first ticket. */
  readonly load?: () => Promise<Gssapi>
}

interface KerberosSignedIn {
  readonly identity: Identity
  /** For `WWW-Authenticate: Negotiate` of the answer; undefined when the client asked for none. */
  readonly mutualToken: string | undefined
}

/** Sign-in by a Kerberos ticket (SPNEGO, RFC 4559), without a page. */
export interface KerberosSignIn {
  readonly id: string
  readonly label: string
  readonly people: string
  /**
   * Takes the Authorization header of a request. Rejects with KerberosRefusal (401 with `WWW-Authenticate: Negotiate` and
   * the form in its body), KerberosUnavailable, DirectoryUnavailable, StateUnavailable or TooManyRequests.
   */
  verify(
    authorization: string | undefined,
    options?: { readonly machines?: boolean },
  ): Promise<KerberosSignedIn>
  /** Whether tickets can be taken at all: package, keytab, and a key for the service. Rejects with KerberosUnavailable. */
  check(): Promise<void>
}

export function createKerberosSignIn(parts: KerberosParts): KerberosSignIn {
  const { settings, directory, claims, effects, load = () => loadGssapi() } = parts
  const { id, label, people, service, realm } = settings
  let loading: Promise<Gssapi> | undefined

  async function gssapi(): Promise<Gssapi> {
    loading ??= load()
    try {
      return await loading
    } catch (error) {
      loading = undefined
      throw error
    }
  }

  return {
    id,
    label,
    people,
    async verify(authorization, { machines = false } = {}) {
      const token = readNegotiateToken(authorization)
      const { principal, mutualToken } = await acceptToken(token, {
        gssapi: await gssapi(),
        service,
        realm,
        claims,
        method: id,
        now: effects.now,
      })
      try {
        const person = await directory.lookUp(keyOf(principal), { proof: 'ticket', machines })
        return { identity: directoryIdentity(person, settings, effects.now()), mutualToken }
      } catch (error) {
        if (!(error instanceof DirectoryRefusal)) throw error
        const { detail: found, account } = error
        throw new KerberosRefusal('kerberos_directory', { found, account, cause: error })
      }
    },
    async check() {
      await startServer({ gssapi: await gssapi(), service })
    },
  }
}

/**
 * One name in a ticket may be somebody's account name and somebody else's user principal name: both are looked for, and
 * must be one.
 */
function keyOf({ name, realm }: KerberosPrincipal): NameKey {
  if (name.includes('@')) return readTypedName(name, { realm, netbiosDomain: undefined })
  return { by: 'name', account: name, principal: `${name}@${realm}` }
}
