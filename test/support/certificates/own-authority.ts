import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CertificatePlan, makeRoot, type TestCertificate } from './test-authority.ts'

/** A certificate as a TLS client takes it, and as a test makes it. */
export interface Held {
  readonly certificate: string
  readonly key: string
  readonly made: TestCertificate
}

/** An authority of a test's own, valid at this moment. */
export interface OwnAuthority {
  readonly root: TestCertificate
  /** Alice's certificate unless the plan says otherwise. `above` issues it in place of the root, and is sent along. */
  issue(plan?: CertificatePlan, above?: TestCertificate): Promise<Held>
  /** What the lab's sign-in method is given to trust this authority alone, and those in `more` (PEM). */
  trusted(folder: string, more?: string): object
}

const hour = 3_600_000

/** A lifetime around this moment. */
export function aroundNow(): { readonly from: Date; readonly to: Date } {
  return { from: new Date(Date.now() - hour), to: new Date(Date.now() + 24 * hour) }
}

export async function ownAuthority(plan: CertificatePlan = {}): Promise<OwnAuthority> {
  const root = await makeRoot({ ...aroundNow(), subject: 'CN=Own Root', ...plan })
  return {
    root,
    async issue(plan = {}, above = root) {
      const names = [{ type: 'upn' as const, value: 'alice@corp.example' }]
      const made = await above.issue({ ...aroundNow(), names, ...plan })
      const chain = above === root ? '' : above.pem
      return { certificate: `${made.pem}\n${chain}`, key: made.keyPem, made }
    },
    trusted(folder, more = '') {
      const file = join(folder, 'own-ca.pem')
      writeFileSync(file, `${root.pem}\n${more}`)
      return {
        authorities: [
          {
            name: 'own',
            files: [file],
            sources: [{ type: 'upn', domains: ['corp.example'] }],
            groups: ['certified'],
          },
        ],
        revocation: { unchecked: true },
      }
    },
  }
}
