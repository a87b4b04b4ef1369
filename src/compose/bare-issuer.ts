import type { AuditTrail } from '../audit/audit-event.ts'
import { keySourceOf } from './keys.ts'
import type { Config } from '../config/config.ts'
import type { KeyConfig } from '../config/issuer-config.ts'
import type { Effects } from '../effects.ts'
import type { ClaimStore } from '../identity/claim-store.ts'
import type { IssueOrder, Issuer } from '../issuers/issuer.ts'
import type { KeySource } from '../keys/key-source.ts'
import type { Logger } from '../telemetry/logger.ts'

export interface IssuerParts {
  readonly config: Config
  readonly effects: Effects
  readonly logger: Logger
  readonly audit: AuditTrail
  readonly claims: ClaimStore
  readonly tellCall: (operation: string, outcome: string, seconds: number) => void
}

/** A bare issuer, and what its decorators must know of it. */
export interface BareIssuer {
  readonly issuer: Issuer
  /** What AWS counts an order for: the calling account and a region. */
  readonly placeOf: (order: IssueOrder) => string
  readonly hostOf: (order: IssueOrder) => string
  readonly secondRegion: (order: IssueOrder) => string | undefined
}

/** How long a call may take, and how often it is tried. */
export function callOptions({ config }: IssuerParts) {
  const { aws, network } = config
  const timeouts = { connect: network.connectTimeout, answer: network.answerTimeout }
  return { timeouts, attempts: aws.attempts }
}

/** The key of an issuer, with a word in the log where its renewed files can't be used. */
export function issuerKey(place: KeyConfig, { effects, logger }: IssuerParts): KeySource {
  return keySourceOf(place, effects, (fault) => {
    logger.warn({ err: fault }, 'the renewed key can not be used yet; the former one goes on')
  })
}
