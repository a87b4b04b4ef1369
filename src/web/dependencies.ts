import type { AuditTrail } from '../audit/audit-event.ts'
import type { Broker } from '../broker.ts'
import type { Effects } from '../effects.ts'
import type { AttemptStore } from '../identity/attempt-store.ts'
import type { BrowserSessionLife } from '../identity/browser-session.ts'
import type { BrowserSessionStore } from '../identity/browser-session-store.ts'
import type { CertificateMethod } from '../identity/client-certificate/certificate-method.ts'
import type { FormSignIn } from '../identity/local-form.ts'
import type { KerberosMethod } from '../identity/kerberos/kerberos-method.ts'
import type { SamlMethod } from '../identity/saml/saml-method.ts'
import type { SignInLimitRules } from '../identity/sign-in-limits.ts'
import type { SignInStateStore } from '../identity/sign-in-state-store.ts'
import type { TerminalCodes } from '../identity/terminals/terminal-codes.ts'
import type { TerminalLife } from '../identity/terminals/terminal-life.ts'
import type { Terminals } from '../identity/terminals/terminals.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { ApiWay } from './api/api-way.ts'
import type { RoleSessionStore } from './role-sessions/role-session-store.ts'

/** What the pages need to know of the configuration. */
export interface WebSettings {
  /** Where people reach Postern. Its scheme decides about cookies and HSTS, whatever a proxy forwards. */
  readonly publicUrl: URL
  /** CIDRs whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  readonly browserSession: BrowserSessionLife
  /** How long the command line stays signed in. */
  readonly terminals: TerminalLife
  readonly signInLimits: SignInLimitRules
  /** Where a form of ours may lead beside ourselves: sign-in origins of the partitions. */
  readonly formActionOrigins: readonly string[]
  /** Folders of the EJS views and of what /public serves. */
  readonly viewsFolder: string
  readonly publicFolder: string
  /** Set where STS is not AWS's own: the snippets must name it. */
  readonly stsEndpoint: string | undefined
  readonly organisation: string | undefined
  readonly help: { readonly label: string; readonly href: string } | undefined
  readonly banner: string | undefined
}

/** What happened, for the metrics. Labels are words of the code, never of the request. */
export interface WebMetrics {
  request(route: string, method: string, status: number, seconds: number): void
  signIn(method: string, outcome: 'signed-in' | 'refused' | 'limited'): void
  /** A SAML message was refused, with the refusal's code. */
  samlRefused(method: string, code: string): void
  /** A Kerberos ticket was refused, with the refusal's code. */
  ticketRefused(method: string, code: string): void
  /** A client certificate was refused, with the refusal's code. */
  certificateRefused(method: string, code: string): void
}

/** Something that must work before traffic is welcome. `check` rejects with the reason. */
export interface ReadinessCheck {
  readonly name: string
  /** False where a failure is only told to operators; without it, a failure turns traffic away. */
  readonly vital?: boolean
  readonly check: () => Promise<void>
}

/** Everything the pages are made of, filled in by compose. */
export interface WebDependencies {
  readonly settings: WebSettings
  readonly broker: Broker
  readonly browserSessions: BrowserSessionStore
  readonly signInStates: SignInStateStore
  readonly attempts: AttemptStore
  readonly roleSessions: RoleSessionStore
  readonly terminals: Terminals
  readonly terminalCodes: TerminalCodes
  readonly audit: AuditTrail
  readonly logger: Logger
  readonly metrics: WebMetrics
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
  /** Form sign-ins. */
  readonly forms: readonly FormSignIn[]
  readonly saml: readonly SamlMethod[]
  /** Sign-in by client certificate. */
  readonly certificates: readonly CertificateMethod[]
  /** Sign-in by tickets, where it is configured. */
  readonly kerberos?: KerberosMethod | undefined
  /** How programs prove to the API, on the main listener, who they act for. */
  readonly apiWays: readonly ApiWay[]
  /** IDs of all methods in the order of the configuration. */
  readonly signInOrder: readonly string[]
  readonly checks: readonly ReadinessCheck[]
  /** IDs of the sign-in methods whose responses are passed on to AWS. */
  readonly passesOn?: ReadonlySet<string> | undefined
  /** Postern's own metadata as the identity provider of AWS, where it is one. */
  readonly identityProvider?: { metadata(): Promise<string> } | undefined
  /** True once the process drains: answers then close their connections. */
  readonly isDraining: () => boolean
}
