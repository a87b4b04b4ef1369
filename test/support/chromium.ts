import { createHash, X509Certificate } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

export const chromiumPath = '/usr/bin/chromium'

export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Whether Debian's Chromium is here; tests that need it skip otherwise. */
export function hasChromium(): boolean {
  try {
    accessSync(chromiumPath, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A Chromium for which these hosts are this machine, and every other one does not exist. */
export function launchChromium(...hosts: readonly string[]): Promise<Browser> {
  return launch(hosts, [])
}

/** The same, which also trusts whoever holds the key of one of these certificates (PEM), whatever else it says. */
export function launchTrusting(
  certificates: readonly string[],
  ...hosts: readonly string[]
): Promise<Browser> {
  const pins = certificates.map((certificate) =>
    createHash('sha256')
      .update(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64'),
  )
  return launch(hosts, [`--ignore-certificate-errors-spki-list=${pins.join(',')}`])
}

function launch(hosts: readonly string[], more: readonly string[]): Promise<Browser> {
  const here = hosts.map((host) => `MAP ${host} 127.0.0.1`)
  const rules = [...here, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1', 'EXCLUDE ::1'].join(', ')
  const args = [...chromiumFlags, ...more, `--host-resolver-rules=${rules}`]
  return chromium.launch({ executablePath: chromiumPath, args })
}
