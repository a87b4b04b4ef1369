import type { X509Certificate } from 'node:crypto'
import { validityAt } from '../keys/certificate.ts'
import { RolesAnywhereFault } from '../rolesanywhere/rolesanywhere-fault.ts'
import { logLine } from './log.ts'
import type { Surroundings } from './surroundings.ts'

// Signature Version 4 lets a request's date be off by so much (IAM User Guide, "Troubleshoot signing").
const tolerableSkew = 5 * 60

/** Says on standard error what this side knows of why AWS refused: it answers the same to many a mistake. */
export function explainRefusal(
  error: unknown,
  certificate: X509Certificate | undefined,
  surroundings: Pick<Surroundings, 'effects' | 'stderr'>,
): void {
  if (!(error instanceof RolesAnywhereFault)) return
  const say = (text: string): void => {
    surroundings.stderr(logLine(text, surroundings))
  }
  const validity = certificate && validityAt(certificate, surroundings.effects.now())
  if (certificate && validity === 'expired') {
    say(`the certificate ended on ${certificate.validTo}; renew it`)
  }
  if (certificate && validity === 'not-yet') {
    say(`the certificate begins on ${certificate.validFrom}; is the clock of this machine right?`)
  }
  const skew = error.clockSkewSeconds ?? 0
  if (Math.abs(skew) > tolerableSkew) {
    const minutes = Math.round(Math.abs(skew) / 60)
    say(
      `AWS's clock is ${minutes} minutes ${skew > 0 ? 'ahead' : 'behind'}; set that of this machine`,
    )
  }
}
