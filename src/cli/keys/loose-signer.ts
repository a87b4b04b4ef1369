import { signerFrom } from '../../keys/key-material.ts'
import { KeyFault } from '../../keys/key-fault.ts'
import { readPrivateKey } from '../../keys/pem-key.ts'
import type { Signer } from '../../keys/signer.ts'
import { CliFault } from '../cli-fault.ts'
import { type KeySettings, standardInput } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { Passphrase } from './passphrase.ts'
import { readBytes } from './read-bytes.ts'

/** A key whose certificate comes by standard input, or not at all: then only a TPM's can be used. */
export async function openLooseSigner(
  keys: KeySettings,
  surroundings: Surroundings,
): Promise<Signer> {
  const passphrase = new Passphrase(keys, surroundings)
  const privateKey = await readBytes(keys.privateKey)
  const fromTpm = async (fault: unknown, input?: Buffer): Promise<Signer> => {
    if (!(fault instanceof KeyFault) || fault.code !== 'tpm_key') throw fault
    const { openTpmKey } = await import('./open-tpm-key.ts')
    return openTpmKey(keys, surroundings, input)
  }
  if (keys.certificate === standardInput) {
    const intermediates = await readBytes(keys.intermediates)
    const certificate = surroundings.readStdin()
    return passphrase
      .opening(() => signerFrom({ certificate, privateKey, intermediates }, () => passphrase.ask()))
      .catch((fault: unknown) => fromTpm(fault, certificate))
  }
  try {
    await readPrivateKey(privateKey ?? Buffer.alloc(0), () => passphrase.ask())
  } catch (fault) {
    return fromTpm(fault)
  }
  throw new CliFault('undefined certificate value: give the certificate of the key, --certificate.')
}
