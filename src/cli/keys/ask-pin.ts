import { KeyFault } from '../../keys/key-fault.ts'
import type { AskPin } from '../../keys/pkcs11-pin.ts'
import type { Surroundings } from '../surroundings.ts'

/** Asks for a token's PIN at the terminal. KeyFault `pin_required` where there is none. */
export function askPin({ askSecret }: Surroundings): AskPin {
  return async ({ purpose, token }) => {
    const what = purpose === 'login' ? 'PIN' : 'PIN for this signature'
    const pin = await askSecret(`${what} of the token ${token.replace(/[\p{Cc}\p{Cf}]/gu, '?')}: `)
    if (pin !== undefined) return pin
    throw new KeyFault(
      'pin_required',
      'The token asks for its PIN, and there is no terminal to ask at, or nothing was typed there. Give it as pin-value in the PKCS#11 URI.',
    )
  }
}
