import type { Signer } from '../../keys/signer.ts'

/** The key to sign with, opened when it is first needed and read again when its files change. */
export interface SigningKey {
  /** KeyFault or CliFault when the key can't be used. */
  current(): Promise<Signer>
  close(): Promise<void>
}
