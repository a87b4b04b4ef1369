/** Sign-in by Kerberos tickets, as the configuration has it. */
export interface KerberosMethodConfig {
  readonly type: 'kerberos'
  readonly id: string
  readonly label: string
  readonly people: string
  /** ID of a method of Active Directory that has a service account and the same people. */
  readonly directory: string
  /** `HTTP/postern.corp.example`; undefined for the host of publicUrl. */
  readonly service: string | undefined
  /** Undefined for the domain of the directory. */
  readonly realm: string | undefined
  /** Absolute path; undefined for that of KRB5_KTNAME. */
  readonly keytab: string | undefined
  /** The sign-in page tries by itself. */
  readonly automatic: boolean
  /** Computers and service accounts may use the API. */
  readonly machines: boolean
}
