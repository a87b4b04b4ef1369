/** Everything that happened around one event; no secret among it. */
export interface AuditFacts {
  readonly requestId: string
  /** Network address of the visitor; IPv6 in full. */
  readonly address: string
  readonly people?: string
  readonly personId?: string
  readonly name?: string
  readonly method?: string
  /** How a program proved who it acts for. */
  readonly by?: 'token' | 'ticket' | 'certificate'
  /** ID of a sign-in by the command line. */
  readonly terminal?: string
  /** The groups that led to the decision. */
  readonly groups?: readonly string[]
  readonly grants?: readonly string[]
  readonly role?: string
  readonly issuer?: string
  readonly roleSession?: string
  readonly roleSessionName?: string
  readonly sourceIdentity?: string
  /** Seconds. */
  readonly credentialsSeconds?: number
  readonly consoleSeconds?: number
  readonly destination?: string
  readonly accessKeyId?: string
  readonly expiration?: string
  readonly awsRequestId?: string
  /** Hexadecimal; of a certificate that Postern made for one person, or that somebody signed in with. */
  readonly certificateSerial?: string
  /** Code and detail of a refusal or failure. */
  readonly code?: string
  readonly detail?: string
  /** How many events this one stands for, where refusals of anonymous visitors are summed. */
  readonly count?: number
}

/** The vocabulary of the trail. */
export type AuditEventType =
  | 'signed-in'
  | 'sign-in-refused'
  | 'break-glass-used'
  | 'signed-out'
  | 'sign-out-refused'
  | 'role-session-refused'
  | 'role-session-requested'
  | 'certificate-issued'
  | 'role-session-issued'
  | 'role-session-failed'
  | 'credentials-handed-out'
  | 'console-url-requested'
  | 'console-url-issued'
  | 'console-url-failed'
  | 'terminal-approved'
  | 'terminal-denied'
  | 'terminal-refused'
  | 'terminal-failed'
  | 'terminal-signed-in'
  | 'terminal-refreshed'
  | 'terminal-code-reused'
  | 'terminal-token-reused'
  | 'terminal-signed-out'
  | 'terminal-displaced'

export interface AuditEvent extends AuditFacts {
  readonly type: AuditEventType
}

/** The trail. `record` resolves when the event is durable, and rejects with AuditUnavailable otherwise. */
export interface AuditTrail {
  record(event: AuditEvent): Promise<void>
}
