import { X509Certificate } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DemoAuthority, type IssuedCertificate } from './demo-authority.ts'
import { demoCertificates } from './demo-certificates.ts'
import { pkcs12 } from './pkcs12.ts'

/** The password of `alice.p12`. It stands in the README. */
export const pkcs12Password = 'postern'

/** The demo's public key infrastructure, as it lies in the folder. */
export interface DemoPki {
  /** PEM. */
  readonly authority: string
  /** PEM: names the revoked certificate. */
  readonly revocationList: string
  /** By the names of `demoCertificates`. */
  readonly certificates: ReadonlyMap<string, IssuedCertificate>
}

const renewalMilliseconds = 30 * 86_400_000

/**
 * The certificates kept in a folder, made at the first start and again when one of them is missing or about to end. The
 * revocation list is made at each start, so that it is never stale. Files are for their owner alone.
 *
 *     ca.pem ca.key ca.crl   alice.pem alice.p12 bob.pem machine.pem expired.pem revoked.pem server.pem
 */
export async function keptDemoPki(folder: string, now: Date): Promise<DemoPki> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pki = (await readPki(folder, now)) ?? (await makePki(folder, now))
  const authority = await DemoAuthority.open(pki.authority)
  const revoked = demoCertificates.filter(({ revoked }) => revoked).map(({ name }) => name)
  const revocationList = await authority.revocationList(
    [...pki.certificates]
      .filter(([name]) => revoked.includes(name))
      .map(([, { certificate }]) => certificate),
    now,
  )
  await write(folder, 'ca.crl', revocationList)
  return { ...pki, authority: pki.authority.certificate, revocationList }
}

interface Kept {
  readonly authority: IssuedCertificate
  readonly certificates: ReadonlyMap<string, IssuedCertificate>
}

async function makePki(folder: string, now: Date): Promise<Kept> {
  const authority = await DemoAuthority.create(now)
  const own = await authority.pem()
  const certificates = new Map<string, IssuedCertificate>()
  for (const plan of demoCertificates) {
    const issued = await authority.issue(plan, now)
    certificates.set(plan.name, issued)
    await write(folder, `${plan.name}.pem`, issued.certificate + issued.key)
  }
  const alice = certificates.get('alice')
  if (alice) {
    const names = { name: 'alice (Postern sandbox)', password: pkcs12Password }
    await write(folder, 'alice.p12', await pkcs12(alice, own.certificate, names))
  }
  await write(folder, 'ca.key', own.key)
  // Last, so that a start that was interrupted is made up for by the next one.
  await write(folder, 'ca.pem', own.certificate)
  return { authority: own, certificates }
}

/** What is there, if it is complete, of one authority, and lasts for a while. */
async function readPki(folder: string, now: Date): Promise<Kept | undefined> {
  try {
    const text = async (name: string) => readFile(join(folder, name), 'utf8')
    const authority = { certificate: await text('ca.pem'), key: await text('ca.key') }
    const ca = new X509Certificate(authority.certificate)
    const certificates = new Map<string, IssuedCertificate>()
    for (const { name, days } of demoCertificates) {
      const both = await text(`${name}.pem`)
      const certificate = new X509Certificate(both)
      const lasts = certificate.validToDate.getTime() > now.getTime() + renewalMilliseconds
      if (!certificate.verify(ca.publicKey) || (days.to > 0 && !lasts)) return undefined
      const key = both.slice(both.indexOf('-----BEGIN PRIVATE KEY-----'))
      certificates.set(name, { certificate: certificate.toString(), key })
    }
    await readFile(join(folder, 'alice.p12'))
    return { authority, certificates }
  } catch {
    // Missing or damaged: the demo makes new ones.
    return undefined
  }
}

/** In one step, so that a broker that starts meanwhile reads all or nothing. */
async function write(folder: string, name: string, content: string | Buffer): Promise<void> {
  const file = join(folder, name)
  await writeFile(`${file}.new`, content, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
