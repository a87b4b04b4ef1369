import { PresenceFilter } from 'ldapts'
import type { DirectoryConnection } from './directory-connection.ts'
import { DirectoryRefusal } from './directory-fault.ts'
import { type LockoutPolicy, readFinePolicy } from './windows-domain.ts'
import { readFileTime } from './windows-time.ts'

const attributes = ['badPwdCount', 'badPasswordTime', 'msDS-ResultantPSO']
const anything = new PresenceFilter({ attribute: 'objectClass' })

/**
 * Refuses a try that would lock an account if its password were wrong, so that nobody can lock somebody else out through
 * Postern. The count is the controller's own (MS-ADA1, badPwdCount); a fine-grained policy that can't be read counts as
 * the domain's. DirectoryRefusal `directory_lockout_near`; the person still gets in elsewhere, and here once the
 * directory has forgotten.
 */
export async function guardLockout(
  connection: DirectoryConnection,
  dn: string,
  domainPolicy: LockoutPolicy,
  now: number,
): Promise<void> {
  const search = { scope: 'base', filter: anything, attributes, sizeLimit: 1 } as const
  const [entry] = await connection.search(dn, search)
  const fine = entry?.text('msDS-ResultantPSO')
  const finePolicy = fine === undefined ? undefined : await readFinePolicy(connection, fine)
  const policy = finePolicy ?? domainPolicy
  if (policy.threshold === 0) return
  const count = Number(entry?.text('badPwdCount') ?? '0')
  const last = readFileTime(entry?.text('badPasswordTime') ?? '0') ?? now
  const counted = now - last < policy.observation ? count : 0
  const most = Math.max(policy.threshold - 1, 1)
  if (!(counted < most)) {
    const found = `${counted} wrong of ${policy.threshold}.`
    throw new DirectoryRefusal('directory_lockout_near', found)
  }
}
