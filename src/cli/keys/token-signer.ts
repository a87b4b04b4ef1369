import { readCertificates, readIntermediates } from '../../keys/certificate.ts'
import { KeyFault } from '../../keys/key-fault.ts'
import { signerFrom } from '../../keys/key-material.ts'
import { listPkcs11Certificates, openPkcs11Signer } from '../../keys/pkcs11.ts'
import type { Signer } from '../../keys/signer.ts'
import { isElsewhere, type KeySettings } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { askPin } from './ask-pin.ts'
import { importOptional } from './import-optional.ts'
import { Passphrase } from './passphrase.ts'
import { readBytes } from './read-bytes.ts'

/** A signer of which key, certificate or both are on a PKCS#11 token. */
export async function openTokenSigner(
  keys: KeySettings,
  surroundings: Surroundings,
): Promise<Signer> {
  const { certificate, privateKey } = keys
  const options = {
    library: keys.pkcs11Library,
    askPin: askPin(surroundings),
    reusePin: keys.reusePin,
    importModule: importOptional,
  }
  const intermediates = await readBytes(keys.intermediates)
  if (privateKey !== undefined && !isElsewhere(privateKey)) {
    const found = await listPkcs11Certificates(certificate ?? '', options)
    const [only, other] = found
    if (!only || other) {
      throw new KeyFault(
        only ? 'several_matches' : 'no_match',
        'The PKCS#11 URI of the certificate must name exactly one.',
      )
    }
    const passphrase = new Passphrase(keys, surroundings)
    const key = await readBytes(privateKey)
    const material = { certificate: only.certificate.raw, privateKey: key, intermediates }
    return passphrase.opening(() => signerFrom(material, () => passphrase.ask()))
  }
  const file = certificate === undefined || isElsewhere(certificate) ? undefined : certificate
  const inFile = await readBytes(file)
  return openPkcs11Signer({
    ...options,
    certificate: inFile ? readCertificates(inFile)[0] : certificate,
    privateKey,
    chain: intermediates && readIntermediates(intermediates),
  })
}
