import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

/** What a Chromium is given: as its owner would import it by hand. */
export interface CertifiedChromiumPlan {
  /** Becomes its HOME. */
  readonly folder: string
  /** Path of the authority that it trusts for servers. */
  readonly authority: string
  /** Path of the PKCS#12 file that is imported, with its password; none leaves it without a certificate. */
  readonly holder?: { readonly file: string; readonly password: string } | undefined
  /** Where it shows its certificate without asking. */
  readonly origin: string
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
]

/**
 * A Chromium with a certificate in its own NSS database, and the policy that chooses it, because nobody is there to click.
 * The policy's folder is bound over the machine's own in a mount namespace, which takes root.
 */
export async function certifiedChromium(plan: CertifiedChromiumPlan): Promise<BrowserContext> {
  const { folder, authority, holder, origin } = plan
  const database = join(folder, '.pki', 'nssdb')
  mkdirSync(database, { recursive: true })
  const store = `sql:${database}`
  execFileSync('certutil', ['-N', '-d', store, '--empty-password'])
  if (holder) execFileSync('pk12util', ['-d', store, '-i', holder.file, '-W', holder.password])
  execFileSync('certutil', ['-A', '-d', store, '-n', 'authority', '-t', 'C,,', '-i', authority])

  const policies = join(folder, 'etc-chromium')
  mkdirSync(join(policies, 'policies', 'managed'), { recursive: true })
  const choice = JSON.stringify({ pattern: origin, filter: {} })
  writeFileSync(
    join(policies, 'policies', 'managed', 'certificates.json'),
    JSON.stringify({ AutoSelectCertificateForUrls: [choice] }),
  )
  const launcher = join(folder, 'chromium.sh')
  const bound = `mount --bind ${policies} /etc/chromium && exec /usr/bin/chromium "$@"`
  writeFileSync(launcher, `#!/bin/sh\nexec unshare --mount sh -c '${bound}' sh "$@"\n`)
  chmodSync(launcher, 0o700)
  return chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: launcher,
    args: flags,
    env: { PATH: process.env['PATH'], HOME: folder },
  })
}
