import { logLine } from './log.ts'
import type { HeldSession } from './held-session.ts'
import type { Surroundings } from './surroundings.ts'
import { coloursFor } from './terminal/colour.ts'

const day = 24 * 60 * 60_000
const warningDays = 7

/** Says on standard error when the certificate ends within seven days: afterwards there are no credentials. */
export function warnBeforeEnd(
  { certificateEnds }: Pick<HeldSession, 'certificateEnds'>,
  surroundings: Surroundings,
): void {
  if (certificateEnds === 0) return
  const left = certificateEnds - surroundings.effects.now().getTime()
  if (left > warningDays * day) return
  const end = new Date(certificateEnds).toISOString().replace('.000Z', 'Z')
  const days = Math.floor(left / day)
  const when =
    left <= 0
      ? 'has expired'
      : days === 0
        ? 'expires today'
        : `expires in ${days} day${days === 1 ? '' : 's'}`
  const { yellow } = coloursFor('stderr', surroundings)
  surroundings.stderr(
    logLine(`${yellow('warning:')} the certificate ${when} (${end}); renew it`, surroundings),
  )
}
