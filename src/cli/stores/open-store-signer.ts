import type { Signer } from '../../keys/signer.ts'
import { CliFault } from '../cli-fault.ts'
import type { KeySettings } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'

/** A signer for a key in the system's certificate store. CliFault on systems that have none. */
export function openStoreSigner(_keys: KeySettings, { platform }: Surroundings): Promise<Signer> {
  return Promise.reject(
    new CliFault(
      `unable to use cert store signer on ${platform}: there is no such store. ` +
        'Give --certificate and --private-key; is the command broken over two lines?',
    ),
  )
}
