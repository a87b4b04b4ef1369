import type { X509Certificate } from 'node:crypto'
import { KeyFault } from '../../keys/key-fault.ts'
import { keyAlgorithm, type Signer } from '../../keys/signer.ts'
import { CliFault } from '../cli-fault.ts'
import type { KeySettings } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import type { CertificateStore } from './certificate-store.ts'
import { matching } from './matching.ts'
import { parseCertSelector } from './cert-selector.ts'

/** The certificates of the system's store that a selector names. CliFault on systems that have no store. */
export async function storeCertificates(
  keys: KeySettings,
  surroundings: Surroundings,
): Promise<{ store: CertificateStore; found: readonly X509Certificate[] }> {
  const selector = keys.certSelector === undefined ? {} : parseCertSelector(keys.certSelector)
  const store = await storeOf(keys, surroundings)
  return { store, found: matching(await store.list(), selector) }
}

/** A signer for the one key in the system's store that the selector names. CliFault or KeyFault otherwise. */
export async function openStoreSigner(
  keys: KeySettings,
  surroundings: Surroundings,
): Promise<Signer> {
  const { store, found } = await storeCertificates(keys, surroundings)
  const sorted = keys.useLatest
    ? found.toSorted((a, b) => b.validToDate.getTime() - a.validToDate.getTime()).slice(0, 1)
    : found
  const [certificate] = sorted
  if (!certificate)
    throw new KeyFault(
      'no_match',
      'no matching identities in the certificate store. See those that are there: postern read-certificate-data.',
    )
  if (sorted.length > 1) {
    throw new CliFault(
      'multiple matching identities in the certificate store. Name one by its serial number, or give ' +
        '--use-latest-expiring-certificate.',
    )
  }
  const { publicKey } = certificate
  const algorithm = keyAlgorithm(publicKey)
  if (!algorithm) throw new KeyFault('unsupported_key', 'Use a certificate with an RSA or EC key.')
  return {
    algorithm,
    publicKey,
    certificate,
    // The root is what the trust anchor is, and AWS has that.
    chain: (await store.chain(certificate)).filter((one) => !one.checkIssued(one)),
    sign: (bytes, digest) => store.sign(certificate, algorithm, bytes, digest),
    close: () => Promise.resolve(),
  }
}

async function storeOf(keys: KeySettings, surroundings: Surroundings): Promise<CertificateStore> {
  const { platform, env } = surroundings
  const { runTool } = await import('./run-tool.ts')
  if (platform === 'win32') {
    const { windowsStore } = await import('./windows-store.ts')
    return windowsStore(keys.systemStoreName, runTool, surroundings)
  }
  if (platform === 'darwin') {
    const { macosKeychain } = await import('./macos-keychain.ts')
    return macosKeychain(env['CREDENTIAL_HELPER_KEYCHAIN_PASSWORD'], runTool)
  }
  throw new CliFault(
    `unable to use cert store signer on ${platform}: there is no such store. ` +
      'Give --certificate and --private-key; is the command broken over two lines?',
  )
}
