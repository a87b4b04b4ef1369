import type { Approver } from './approver.ts'
import { isVerified } from './code-challenge.ts'
import {
  createRedeem,
  invalidCode,
  type Redemption,
  type TerminalCodeParts,
} from './redeem-code.ts'
import {
  type CodeBinding,
  readCodeBinding,
  type TerminalFacts,
  writeTerminalFacts,
} from './terminal-facts.ts'
import { secretHash } from './token-pair.ts'

/** Authorization codes (RFC 6749 §4.1 with RFC 7636). Every method rejects with StateUnavailable. */
export interface AuthorizationCodes {
  /** A code that is good once and for a minute, for whoever holds the verifier. */
  issueCode(
    approver: Approver,
    facts: TerminalFacts,
    boundTo: CodeBinding,
  ): Promise<{ readonly code: string; readonly terminal: string }>
  /** Rejects with TokenRefused. A wrong verifier uses the code up. */
  redeemCode(
    code: string,
    redirectUri: string,
    verifier: string,
    address: string,
  ): Promise<Redemption>
}

const codeMilliseconds = 60_000

export function createAuthorizationCodes(parts: TerminalCodeParts): AuthorizationCodes {
  const { store, effects } = parts
  const redeem = createRedeem(parts)
  return {
    async issueCode({ identity, endsAt }, facts, boundTo) {
      const at = effects.now().getTime()
      const code = effects.randomBytes(32).toString('base64url')
      const terminal = effects.randomBytes(16).toString('base64url')
      await store.insert(
        {
          hash: secretHash(code),
          userCodeHash: undefined,
          terminal,
          facts: writeTerminalFacts(facts, boundTo),
          standing: 'approved',
          identity: JSON.stringify(identity),
          endsAt,
          createdAt: at,
          expiresAt: at + codeMilliseconds,
        },
        0,
      )
      return { code, terminal }
    },

    async redeemCode(code, redirectUri, verifier, address) {
      const found = await store.read(secretHash(code), effects.now().getTime())
      const boundTo = found && readCodeBinding(found.facts)
      if (!found || !boundTo) throw invalidCode('unknown')
      if (boundTo.redirectUri !== redirectUri || !isVerified(boundTo.challenge, verifier)) {
        await store.burn(found.hash)
        throw invalidCode('another verifier or redirect_uri')
      }
      return redeem(found, address)
    },
  }
}
