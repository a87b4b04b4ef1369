import type { Account, Grant, Role } from '../entitlements/catalogue.ts'
import type { Partition } from '../entitlements/arn.ts'
import type { CertificateMethodConfig } from './certificate-method-config.ts'
import type { ActiveDirectoryMethodConfig, LdapMethodConfig } from './directory-method-config.ts'
import type { KerberosMethodConfig } from './kerberos-method-config.ts'
import type { SamlMethodConfig } from './saml-method-config.ts'
import type { IssuerConfig } from './issuer-config.ts'
import type { Secret } from './secret.ts'

/** The configuration, checked and resolved: nothing optional that has a default, no path that is relative. */
export interface Config {
  /** Absolute path of the file. */
  readonly file: string
  /** Origin where people reach Postern, without a slash at the end: `https://aws.corp.example`. */
  readonly publicUrl: string
  /** `localhost` as host means both loopback addresses. */
  readonly listen: Listener & { readonly tls: TlsKeyPair | undefined }
  /** Metrics and detailed health. */
  readonly operations: Listener
  /** Addresses and CIDR blocks. */
  readonly trustedProxies: readonly string[]
  readonly organisation: string | undefined
  readonly help: { readonly label: string; readonly href: string } | undefined
  /** A line on top of every page. */
  readonly banner: string | undefined
  /** In the order in which they are offered. */
  readonly signIn: readonly SignInMethodConfig[]
  readonly issuers: ReadonlyMap<string, IssuerConfig>
  readonly accounts: ReadonlyMap<string, Account>
  readonly roles: ReadonlyMap<string, Role>
  readonly grants: readonly Grant[]
  /** More than one population: names must say which. */
  readonly severalPeoples: boolean
  readonly aws: AwsConfig
  readonly network: NetworkConfig
  readonly sessions: {
    readonly idleSeconds: number
    readonly absoluteSeconds: number
    /** Sign-ins of the command line. */
    readonly terminals: { readonly tokenSeconds: number; readonly absoluteSeconds: number }
  }
  readonly limits: {
    readonly signIn: { readonly perUser: AttemptLimit; readonly perAddress: AttemptLimit }
  }
  /** `instance` names the chain: instances that share a database need one each. */
  readonly audit: { readonly key: Secret; readonly instance: string; readonly stdout: boolean }
  /** `sqlite:/absolute/path`. */
  readonly state: string
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' }
}

interface Listener {
  readonly host: string
  readonly port: number
}

/** PEM. */
interface TlsKeyPair {
  readonly certificate: string
  readonly key: Secret
}

interface LocalUserConfig {
  /** What is typed in, and the immutable ID. */
  readonly name: string
  /** PHC string of argon2id. */
  readonly passwordHash: Secret
  readonly displayName: string | undefined
  readonly email: string | undefined
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, readonly string[]>>
  readonly breakGlass: boolean
}

/** One way to sign in; `type` tells which. */
export type SignInMethodConfig =
  | LocalMethodConfig
  | SamlMethodConfig
  | ActiveDirectoryMethodConfig
  | LdapMethodConfig
  | KerberosMethodConfig
  | CertificateMethodConfig

export interface LocalMethodConfig {
  readonly type: 'local'
  readonly id: string
  readonly label: string
  readonly people: string
  readonly users: readonly LocalUserConfig[]
}

/** Addresses in place of AWS's own, for a sandbox and for VPC endpoints; without a slash at the end. */
interface AwsEndpoints {
  readonly sts: string | undefined
  readonly federation: string | undefined
  readonly console: string | undefined
  readonly saml: string | undefined
  readonly rolesAnywhere: string | undefined
}

export interface AwsConfig {
  readonly region: string | undefined
  readonly endpoints: AwsEndpoints
  /** Which of AWS's own endpoints of STS and Roles Anywhere are called, where none stands under `endpoints`. */
  readonly fips: boolean
  readonly dualStack: boolean
  /** A second region for STS, with an address in place of AWS's own. */
  readonly failOver: { readonly region: string; readonly sts: string | undefined } | undefined
  /** Failures in a row, and seconds. */
  readonly circuit: { readonly failures: number; readonly pause: number }
  /** POST where a partition is not named. */
  readonly federationMethod: Readonly<Partial<Record<Partition, 'POST' | 'GET'>>>
  readonly attempts: number
}

/** The way out. A proxy's address is a secret, because it may hold a password. Times in milliseconds. */
export interface NetworkConfig {
  readonly httpProxy: Secret | undefined
  readonly httpsProxy: Secret | undefined
  readonly noProxy: string | undefined
  readonly extraCa: string | undefined
  readonly connectTimeout: number
  readonly answerTimeout: number
}

/** The rule of an AttemptStore. */
export interface AttemptLimit {
  readonly limit: number
  readonly windowSeconds: number
  readonly blockSeconds: number
  readonly maxBlockSeconds: number
}
