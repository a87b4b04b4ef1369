import type { Effects } from '../../effects.ts'
import { StateUnavailable } from '../../errors.ts'
import { type Identity, personKey } from '../identity.ts'
import { readIdentity } from '../identity-text.ts'
import { isVerified } from './code-challenge.ts'
import type { StoredTerminalCode, TerminalCodeStore } from './terminal-code-store.ts'
import {
  type CodeBinding,
  readCodeBinding,
  readTerminalFacts,
  type TerminalFacts,
  writeTerminalFacts,
} from './terminal-facts.ts'
import type { StoredTerminal } from './terminal-store.ts'
import {
  issuedTokens,
  type IssuedTokens,
  readTerminal,
  type Terminal,
  type TerminalLife,
} from './terminals.ts'
import { newTokenPair, secretHash, storedTokens } from './token-pair.ts'
import { TokenRefused } from './token-refused.ts'
import { newUserCode, readUserCode } from './user-code.ts'

/** Somebody who approves. `endsAt`: when they must sign in again at the latest, milliseconds since the epoch. */
export interface Approver {
  readonly identity: Identity
  readonly endsAt: number | undefined
}

/** What waits for somebody to type its code. Times in milliseconds since the epoch. */
export interface WaitingDevice {
  readonly hash: string
  readonly userCode: string
  readonly terminal: string
  readonly facts: TerminalFacts
  readonly createdAt: number
}

/** RFC 8628 §3.2. Seconds. */
export interface DeviceStart {
  readonly deviceCode: string
  readonly userCode: string
  readonly expiresIn: number
  readonly interval: number
}

/** `reused`: the code came a second time, and what came of it has ended now. */
export type Redemption =
  | { readonly outcome: 'redeemed'; readonly terminal: Terminal; readonly tokens: IssuedTokens }
  | { readonly outcome: 'reused'; readonly terminal: Terminal | undefined }

/** Codes that become sign-ins of the command line. Every method rejects with StateUnavailable. */
export interface TerminalCodes {
  /** An authorization code, good once and for a minute, for whoever holds the verifier. */
  issueCode(
    approver: Approver,
    facts: TerminalFacts,
    boundTo: CodeBinding,
  ): Promise<{ readonly code: string; readonly terminal: string }>
  startDevice(facts: TerminalFacts): Promise<DeviceStart>
  findDevice(typed: string): Promise<WaitingDevice | undefined>
  /** False where somebody else has decided, or time has. */
  decide(device: WaitingDevice, decision: Approver | 'denied'): Promise<boolean>
  /** Rejects with TokenRefused. A wrong verifier uses the code up. */
  redeemCode(
    code: string,
    redirectUri: string,
    verifier: string,
    address: string,
  ): Promise<Redemption>
  /** Rejects with TokenRefused: authorization_pending, slow_down, access_denied or expired_token (RFC 8628 §3.5). */
  redeemDevice(deviceCode: string, address: string): Promise<Redemption>
}

export interface TerminalCodeParts {
  readonly store: TerminalCodeStore
  readonly life: TerminalLife
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
}

const codeMilliseconds = 60_000
const deviceSeconds = 600
const pollSeconds = 5

export function createTerminalCodes({ store, life, effects }: TerminalCodeParts): TerminalCodes {
  const now = () => effects.now().getTime()
  const secret = () => effects.randomBytes(32).toString('base64url')
  const newId = () => effects.randomBytes(16).toString('base64url')

  async function redeem(found: StoredTerminalCode, address: string): Promise<Redemption> {
    const at = now()
    const identity = found.identity === undefined ? undefined : readIdentity(found.identity)
    if (!identity) throw expiredCode('no identity')
    const absolute = at + life.absoluteSeconds * 1000
    const stored: StoredTerminal = {
      id: found.terminal,
      person: personKey(identity.person),
      identity: JSON.stringify(identity),
      facts: writeTerminalFacts(readTerminalFacts(found.facts)),
      createdAt: at,
      lastUsedAt: at,
      lastAddress: address,
      expiresAt: Math.min(found.endsAt ?? absolute, absolute),
    }
    const pair = newTokenPair(effects.randomBytes)
    const tokens = storedTokens(pair, at + life.tokenSeconds * 1000)
    const redemption = await store.redeem(found.hash, stored, tokens, at)
    if (redemption.outcome === 'unknown') throw expiredCode('expired')
    if (redemption.outcome === 'reused') {
      return { outcome: 'reused', terminal: readTerminal(redemption.ended) }
    }
    const terminal = readTerminal(stored)
    if (!terminal) throw expiredCode('unreadable')
    return { outcome: 'redeemed', terminal, tokens: issuedTokens(pair, stored.expiresAt, life, at) }
  }

  return {
    async issueCode({ identity, endsAt }, facts, boundTo) {
      const at = now()
      const code = secret()
      const terminal = newId()
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

    async startDevice(facts) {
      const at = now()
      for (let tries = 0; tries < 4; tries++) {
        const deviceCode = secret()
        const userCode = newUserCode(effects.randomBytes)
        const kept = await store.insert(
          {
            hash: secretHash(deviceCode),
            userCodeHash: secretHash(userCode),
            terminal: newId(),
            facts: writeTerminalFacts(facts),
            standing: 'pending',
            identity: undefined,
            endsAt: undefined,
            createdAt: at,
            expiresAt: at + deviceSeconds * 1000,
          },
          pollSeconds,
        )
        if (kept) return { deviceCode, userCode, expiresIn: deviceSeconds, interval: pollSeconds }
      }
      throw new StateUnavailable('Postern found no free code. Try again in a minute.')
    },

    async findDevice(typed) {
      const userCode = readUserCode(typed)
      if (userCode === undefined) return undefined
      const found = await store.findByUserCode(secretHash(userCode), now())
      if (found?.standing !== 'pending') return undefined
      const { hash, terminal, facts, createdAt } = found
      return { hash, userCode, terminal, facts: readTerminalFacts(facts), createdAt }
    },

    decide({ hash }, decision) {
      const kept =
        decision === 'denied'
          ? decision
          : { identity: JSON.stringify(decision.identity), endsAt: decision.endsAt }
      return store.decide(hash, kept, now())
    },

    async redeemCode(code, redirectUri, verifier, address) {
      const found = await store.read(secretHash(code), now())
      const boundTo = found && readCodeBinding(found.facts)
      if (!found || !boundTo) throw expiredCode('unknown')
      if (boundTo.redirectUri !== redirectUri || !isVerified(boundTo.challenge, verifier)) {
        await store.burn(found.hash)
        throw expiredCode('another verifier or redirect_uri')
      }
      return redeem(found, address)
    },

    async redeemDevice(deviceCode, address) {
      const hash = secretHash(deviceCode)
      const at = now()
      const found = await store.read(hash, at)
      if (found?.userCodeHash === undefined) {
        throw new TokenRefused('expired_token', 'The code has expired. Run `postern login` again.')
      }
      if (found.standing === 'denied') {
        throw new TokenRefused('access_denied', 'The sign-in was refused in the browser.')
      }
      const inTime = await store.poll(hash, at)
      if (found.standing === 'pending') throw inTime ? pending() : tooEarly()
      return redeem(found, address)
    },
  }
}

function expiredCode(detail: string): TokenRefused {
  const message = 'The code is not valid, was used, or has expired. Run `postern login` again.'
  return new TokenRefused('invalid_grant', message, detail)
}

function pending(): TokenRefused {
  return new TokenRefused('authorization_pending', 'Nobody has approved the sign-in yet.')
}

function tooEarly(): TokenRefused {
  return new TokenRefused('slow_down', 'Asked too often. Wait 5 seconds longer each time.')
}
