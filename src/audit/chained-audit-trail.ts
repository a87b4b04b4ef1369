import type { Effects } from '../effects.ts'
import { AuditUnavailable, BrokerError } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'
import { redactText } from '../telemetry/redact-text.ts'
import type { AuditEvent, AuditTrail } from './audit-event.ts'
import { beginning, isGenuine, macOf } from './audit-line.ts'
import type { AuditHead, AuditLine, AuditLineStore } from './audit-line-store.ts'
import { canonicalEvent } from './canonical-event.ts'
import { exportedLine } from './exported-line.ts'
import { isAnonymousRefusal, RefusalBudget } from './refusal-budget.ts'

export interface AuditTrailOptions {
  readonly state: { readonly auditLines: AuditLineStore }
  /** At least 32 bytes, from outside the database: whoever can write there must not be able to make a MAC. */
  readonly key: Uint8Array
  /** Names the chain; no two instances share one. */
  readonly instance: string
  readonly effects: Pick<Effects, 'now'>
  readonly logger: Logger
  /** Takes each line as JSON once it is durable: for a collector. */
  readonly stdout?: ((line: string) => void) | undefined
  /** How many anonymous refusals a minute get a line of their own. */
  readonly refusalsPerMinute?: number | undefined
}

/**
 * Opens the trail. Throws AuditUnavailable for a key that is too short or is not the one that the chain was written
 * with, and StateUnavailable when the database can't be read.
 */
export async function openAuditTrail(options: AuditTrailOptions): Promise<ChainedAuditTrail> {
  const { state, key, instance } = options
  if (key.length < 32) {
    throw new AuditUnavailable(
      'The audit key is shorter than 32 bytes. Make a new one: `openssl rand -base64 32`.',
    )
  }
  if (!/^[\w.:-]{1,64}$/.test(instance)) {
    throw new AuditUnavailable('The instance’s name takes 1 to 64 letters, digits and `_ . : -`.')
  }
  const head = await state.auditLines.head(instance)
  if (head && !isGenuine(key, head.line)) {
    throw new AuditUnavailable(
      'The audit trail’s last line was not written with this key. Give back the key, or start a chain of another instance name; ' +
        '`postern-server audit verify` tells whether the line was changed.',
      { detail: `instance ${instance}, line ${head.line.seq}` },
    )
  }
  return new ChainedAuditTrail(options)
}

/** The trail as one chain of HMACs: a line that is changed, removed or moved breaks it. */
export class ChainedAuditTrail implements AuditTrail {
  readonly instance: string
  readonly #lines: AuditLineStore
  readonly #key: Uint8Array
  readonly #options: AuditTrailOptions
  readonly #refusals: RefusalBudget
  #healthy = true

  constructor(options: AuditTrailOptions) {
    this.instance = options.instance
    this.#lines = options.state.auditLines
    this.#key = Uint8Array.from(options.key)
    this.#options = options
    this.#refusals = new RefusalBudget(options.refusalsPerMinute ?? 20)
  }

  /** False from a line that could not be written until writing works again. */
  get healthy(): boolean {
    return this.#healthy
  }

  /**
   * Resolves when the event is durable; rejects with AuditUnavailable. An anonymous refusal past its minute's budget
   * resolves at once and is counted; `flush` writes the count.
   */
  async record(event: AuditEvent): Promise<void> {
    if (isAnonymousRefusal(event)) {
      if (!this.#refusals.admit(event.type, this.#options.effects.now().getTime())) return
    }
    await this.#append(event)
  }

  /** Writes one line for each kind of refusal that was only counted. Rejects with AuditUnavailable, and counts on. */
  async flush(): Promise<void> {
    for (const [type, count] of this.#refusals.take()) {
      try {
        await this.#append({ type, requestId: '-', address: '-', count })
      } catch (error) {
        this.#refusals.count(type, count)
        throw error
      }
    }
  }

  /** For readiness: rejects with AuditUnavailable while the trail can't be written, and finds out by itself when it can. */
  async check(): Promise<void> {
    if (this.#healthy) return
    try {
      await this.#lines.check()
    } catch (error) {
      throw unavailable(error)
    }
    this.#recovered()
  }

  /** The chain's last line and its number of lines; undefined while there is none. */
  head(): Promise<AuditHead | undefined> {
    return this.#lines.head(this.instance)
  }

  async #append(event: AuditEvent): Promise<void> {
    const { detail } = event
    const text = canonicalEvent(
      detail === undefined ? event : { ...event, detail: redactText(detail) },
    )
    let line: AuditLine
    try {
      line = await this.#lines.append(this.instance, (last) => this.#follow(last, text))
    } catch (error) {
      throw this.#failed(error)
    }
    this.#recovered()
    this.#options.stdout?.(exportedLine(line))
  }

  #follow(last: AuditLine | undefined, event: string): AuditLine {
    const line = {
      instance: this.instance,
      seq: (last?.seq ?? 0) + 1,
      time: this.#options.effects.now().toISOString(),
      event,
      previous: last?.mac ?? beginning,
    }
    return { ...line, mac: macOf(this.#key, line) }
  }

  #failed(error: unknown): AuditUnavailable {
    const failure = unavailable(error)
    // Once for each outage: the log must not fill for the same reason as the trail.
    if (this.#healthy)
      this.#options.logger.error(
        { err: failure },
        'the audit trail can’t be written; nothing is issued',
      )
    this.#healthy = false
    return failure
  }

  #recovered(): void {
    if (!this.#healthy) this.#options.logger.warn('the audit trail can be written again')
    this.#healthy = true
  }
}

function unavailable(cause: unknown): AuditUnavailable {
  const detail = cause instanceof BrokerError ? (cause.detail ?? cause.message) : String(cause)
  return new AuditUnavailable(
    'The audit trail can’t be written, and Postern hands out nothing that it can’t record. ' +
      'Try again in a few minutes, or tell whoever runs Postern.',
    { detail, cause },
  )
}
