import { CliFault } from '../cli-fault.ts'
import type { KeySettings } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'

/**
 * The password of a TPM key: given, in TPM_CHILD_KEY_PASSWORD, or asked for. `needsOne` is undefined where only the TPM
 * knows. CliFault when it is missing or needless.
 */
export async function tpmPassword(
  needsOne: boolean | undefined,
  { tpmKeyPassword, noTpmKeyPassword }: KeySettings,
  { askSecret, env }: Pick<Surroundings, 'askSecret' | 'env'>,
): Promise<string> {
  const needless = needsOne === false
  if (
    needless &&
    tpmKeyPassword !== undefined &&
    tpmKeyPassword !== env['TPM_CHILD_KEY_PASSWORD']
  ) {
    throw new CliFault("password is provided but TPM key file indicates that one isn't required.")
  }
  if (needless || noTpmKeyPassword) return ''
  if (tpmKeyPassword !== undefined) return tpmKeyPassword
  const typed = await askSecret('Password of the TPM key: ')
  if (typed !== undefined) return typed
  throw new CliFault(
    'unable to read your TPM key password: the TPM key may have a password, and there is no terminal to ask at, or ' +
      'nothing was typed there. Give --tpm-key-password or --no-tpm-key-password.',
  )
}
