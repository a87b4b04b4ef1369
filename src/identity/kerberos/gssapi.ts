import { KerberosUnavailable } from './kerberos-refusal.ts'

/** One acceptance of a token: the part of the package's KerberosServer that is used here. */
export interface GssServer {
  /** Takes the client's token in base64. */
  step(token: string): Promise<unknown>
  /** The client's principal as Kerberos writes it; null until the context stands. */
  readonly username: string | null | undefined
  /** The token for the client in base64, where it wants the server to prove itself. */
  readonly response: string | null | undefined
  readonly contextComplete: boolean
}

/** The part of the optional package kerberos 7 that is used here. Its keytab is that of KRB5_KTNAME. */
export interface Gssapi {
  /** Takes a GSS service name, `HTTP@postern.corp.example`. Rejects where the keytab holds no key for it. */
  initializeServer(service: string): Promise<GssServer>
}

/** How the optional package is found; tests and unusual installations pass their own. */
export type ImportModule = (name: string) => Promise<unknown>

const importInstalled: ImportModule = (name) => import(name)

/** The optional package kerberos. KerberosUnavailable says in its detail how to install it. */
export async function loadGssapi(importModule: ImportModule = importInstalled): Promise<Gssapi> {
  let found: unknown
  try {
    found = await importModule('kerberos')
  } catch (cause) {
    throw new KerberosUnavailable(
      'Kerberos needs the package kerberos, which is not installed, or can’t be loaded: it is native and needs ' +
        'libgssapi-krb5. Install it beside Postern: npm install --no-save --no-strict-allow-scripts kerberos@7.0.0',
      cause,
    )
  }
  // A CommonJS package comes as the default export.
  const candidates = [found, isObject(found) && 'default' in found ? found.default : undefined]
  const usable = candidates.find(isGssapi)
  if (!usable) throw new KerberosUnavailable('The installed kerberos is of another kind than 7.0.')
  return usable
}

function isGssapi(value: unknown): value is Gssapi {
  return (
    isObject(value) && 'initializeServer' in value && typeof value.initializeServer === 'function'
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
