import type { AuditLine } from './audit-line-store.ts'

/** One line of the trail as one line of JSON; an event that is no JSON any more stays text. */
export function exportedLine({ instance, seq, time, event, previous, mac }: AuditLine): string {
  return JSON.stringify({ instance, seq, time, event: parsed(event), previous, mac })
}

function parsed(event: string): unknown {
  try {
    return JSON.parse(event)
  } catch {
    return event
  }
}
