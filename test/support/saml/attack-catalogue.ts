import type { AttackCase } from './attack-kit.ts'
import { addressee } from './attacks/addressee.ts'
import { answers } from './attacks/answers.ts'
import { documentType, entities } from './attacks/document-type.ts'
import { downgrade } from './attacks/downgrade.ts'
import { encryption } from './attacks/encryption.ts'
import { exclusion } from './attacks/exclusion.ts'
import { fragileLock } from './attacks/fragile-lock.ts'
import { keys } from './attacks/keys.ts'
import { multiple } from './attacks/multiple.ts'
import { signedInfo } from './attacks/signed-info.ts'
import { statements } from './attacks/statements.ts'
import { text } from './attacks/text.ts'
import { times } from './attacks/times.ts'
import { transport } from './attacks/transport.ts'
import { wrapping } from './attacks/wrapping.ts'

/** Every response that must be refused, with the code that it must be refused for. */
export const attackCatalogue: readonly AttackCase[] = [
  ...wrapping,
  ...exclusion,
  ...keys,
  ...downgrade,
  ...signedInfo,
  ...text,
  ...documentType,
  ...entities,
  ...fragileLock,
  ...multiple,
  ...encryption,
  ...addressee,
  ...times,
  ...statements,
  ...answers,
  ...transport,
]
