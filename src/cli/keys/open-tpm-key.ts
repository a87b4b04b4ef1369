import type { Signer } from '../../keys/signer.ts'
import { type KeySettings, standardInput } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { readBytes } from './read-bytes.ts'
import { tpmPassword } from './tpm-password.ts'

/**
 * A signer for a key in the TPM of this machine, as flags and environment say. `input` is what standard input held, where
 * somebody has read it. KeyFault or CliFault otherwise.
 */
export async function openTpmKey(
  keys: KeySettings,
  surroundings: Surroundings,
  input?: Buffer,
): Promise<Signer> {
  const { openTpmSigner } = await import('../../keys/tpm/open-tpm-signer.ts')
  const certificate =
    keys.certificate === standardInput
      ? (input ?? surroundings.readStdin())
      : await readBytes(keys.certificate)
  const key = keys.privateKey?.startsWith('handle:')
    ? keys.privateKey
    : ((await readBytes(keys.privateKey)) ?? certificate ?? Buffer.alloc(0))
  const intermediates = await readBytes(keys.intermediates)
  const { env } = surroundings
  return openTpmSigner(
    { key, certificate, intermediates },
    {
      device: env['TPM_DEVICE'],
      parentPassword: env['TPM_PRIMARY_KEY_PASSWORD'] ?? '',
      password: (needsOne) => tpmPassword(needsOne, keys, surroundings),
    },
  )
}
