import type { AuditEvent, AuditEventType } from './audit-event.ts'

const minute = 60_000
const anonymous: ReadonlySet<AuditEventType> = new Set([
  'sign-in-refused',
  'sign-out-refused',
  'terminal-refused',
])

/** Refusals that anyone can cause, so that their number is in anyone's hands. A failed sign-in is nobody's yet, whoever it names. */
export function isAnonymousRefusal(event: AuditEvent): boolean {
  if (anonymous.has(event.type)) return true
  return event.type === 'role-session-refused' && event.personId === undefined
}

/** Lets so many refusals a minute have a line of their own and counts the rest. */
export class RefusalBudget {
  readonly #perMinute: number
  #minute = Number.NaN
  #admitted = 0
  #summed = new Map<AuditEventType, number>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** Whether this one gets a line of its own; otherwise it is counted. */
  admit(type: AuditEventType, now: number): boolean {
    const current = Math.floor(now / minute)
    if (current !== this.#minute) {
      this.#minute = current
      this.#admitted = 0
    }
    if (this.#admitted < this.#perMinute) {
      this.#admitted++
      return true
    }
    this.count(type, 1)
    return false
  }

  /** Adds to what is counted: also what was taken and could not be written. */
  count(type: AuditEventType, count: number): void {
    this.#summed.set(type, (this.#summed.get(type) ?? 0) + count)
  }

  /** What was counted, once. */
  take(): ReadonlyMap<AuditEventType, number> {
    const summed = this.#summed
    this.#summed = new Map()
    return summed
  }
}
