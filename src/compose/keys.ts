import type { KeyConfig } from '../config/issuer-config.ts'
import type { Effects } from '../effects.ts'
import { createKeySource, type KeySource } from '../keys/key-source.ts'

/** The key that a configuration names. */
export function keySourceOf(
  place: KeyConfig,
  effects: Pick<Effects, 'now' | 'sleep'>,
  onFault?: (fault: unknown) => void,
): KeySource {
  const { passphrase } = place
  const secret = passphrase && (() => passphrase.reveal())
  return createKeySource({ ...place, secret }, { effects, onFault })
}
