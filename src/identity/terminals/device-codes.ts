import { StateUnavailable } from '../../errors.ts'
import type { Approver } from './approver.ts'
import { createRedeem, type Redemption, type TerminalCodeParts } from './redeem-code.ts'
import { readTerminalFacts, type TerminalFacts, writeTerminalFacts } from './terminal-facts.ts'
import { secretHash } from './token-pair.ts'
import { TokenRefused } from './token-refused.ts'
import { newUserCode, readUserCode } from './user-code.ts'

/** What waits for somebody to type its code. Times in milliseconds since the epoch. */
export interface WaitingDevice {
  readonly hash: string
  readonly userCode: string
  readonly terminal: string
  readonly facts: TerminalFacts
  readonly createdAt: number
}

/** RFC 8628 §3.2. Seconds. */
interface DeviceStart {
  readonly deviceCode: string
  readonly userCode: string
  readonly expiresIn: number
  readonly interval: number
}

/** Device codes (RFC 8628). Every method rejects with StateUnavailable. */
export interface DeviceCodes {
  startDevice(facts: TerminalFacts): Promise<DeviceStart>
  /** What waits with a code, however it was typed. */
  findDevice(typed: string): Promise<WaitingDevice | undefined>
  /**
   * Takes a device for one who approves it, before that is recorded; nothing comes of it yet. False where somebody else
   * has decided, or time has.
   */
  claim(device: WaitingDevice, approver: Approver): Promise<boolean>
  /** Lets a claimed device sign in; false where its time is over. */
  approve(device: WaitingDevice): Promise<boolean>
  /** Lets a claimed device wait on: its approval could not be recorded. */
  giveBack(device: WaitingDevice): Promise<void>
  /** False where somebody else has decided, or time has. */
  deny(device: WaitingDevice): Promise<boolean>
  /** Rejects with TokenRefused: authorization_pending, slow_down, access_denied or expired_token (RFC 8628 §3.5). */
  redeemDevice(deviceCode: string, address: string): Promise<Redemption>
}

const deviceSeconds = 600
const pollSeconds = 5

export function createDeviceCodes(parts: TerminalCodeParts): DeviceCodes {
  const { store, effects } = parts
  const redeem = createRedeem(parts)
  const now = () => effects.now().getTime()
  return {
    async startDevice(facts) {
      const at = now()
      for (let tries = 0; tries < 4; tries++) {
        const deviceCode = effects.randomBytes(32).toString('base64url')
        const userCode = newUserCode(effects.randomBytes)
        const kept = await store.insert(
          {
            hash: secretHash(deviceCode),
            userCodeHash: secretHash(userCode),
            terminal: effects.randomBytes(16).toString('base64url'),
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

    claim({ hash }, { identity, endsAt }) {
      return store.claim(hash, { identity: JSON.stringify(identity), endsAt }, now())
    },
    approve: ({ hash }) => store.approve(hash, now()),
    giveBack: ({ hash }) => store.giveBack(hash),
    deny: ({ hash }) => store.deny(hash, now()),

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
      if (found.standing === 'pending' || found.standing === 'claimed') {
        throw inTime ? pending() : tooEarly()
      }
      return redeem(found, address)
    },
  }
}

function pending(): TokenRefused {
  return new TokenRefused('authorization_pending', 'Nobody has approved the sign-in yet.')
}

function tooEarly(): TokenRefused {
  return new TokenRefused('slow_down', 'Asked too often. Wait 5 seconds longer each time.')
}
