import type { KerberosSignIn } from './kerberos-sign-in.ts'

/** Sign-in by tickets as it is configured. */
export interface KerberosMethod extends KerberosSignIn {
  /** The sign-in page tries it by itself. */
  readonly automatic: boolean
  /** Computers and service accounts may use the API. */
  readonly machines: boolean
}
