import { isIP } from 'node:net'
import { addressKey } from '../../identity/address.ts'
import type { Identity } from '../../identity/identity.ts'
import type { TerminalFacts } from '../../identity/terminals/terminal-facts.ts'
import { ownWords } from './own-words.ts'
import { type Moment, momentOf } from '../pages/time-text.ts'

/** The question before a command line signs in (view `terminal-question`). */
export interface TerminalQuestionPage {
  /** What the program says of itself; undefined where it says nothing. */
  readonly host: string | undefined
  readonly user: string | undefined
  readonly system: string | undefined
  readonly address: string
  /** Whether it asks from where the visitor's browser is; untold where one came by IPv4 and the other by IPv6. */
  readonly from: 'here' | 'elsewhere' | 'untold'
  readonly asked: Moment
  readonly ends: Moment
  readonly approver: { readonly name: string; readonly method: string }
  /** To be compared with the one in the terminal; undefined where the answer goes to this very computer. */
  readonly code: string | undefined
  /** Port of the program on this computer; undefined for a device code. */
  readonly port: string | undefined
  readonly action: '/authorize' | '/device'
  readonly fields: readonly { readonly name: string; readonly value: string }[]
}

export interface TerminalQuestionFacts {
  readonly identity: Identity
  readonly facts: TerminalFacts
  /** Address of the visitor's browser. */
  readonly visitorAddress: string
  /** Milliseconds since the epoch. */
  readonly askedAt: number
  readonly endsAt: number
  readonly code?: string
  readonly port?: string
  readonly action: TerminalQuestionPage['action']
  readonly fields: Readonly<Record<string, string | undefined>>
}

export function terminalQuestionModel(of: TerminalQuestionFacts, now: Date): TerminalQuestionPage {
  const { host, user, system, address } = of.facts
  return {
    host: host && ownWords(host),
    user: user && ownWords(user),
    system: system && ownWords(system),
    address,
    from: comparedWith(of.visitorAddress, address),
    asked: momentOf(new Date(of.askedAt), now),
    ends: momentOf(new Date(of.endsAt), now),
    approver: { name: of.identity.name, method: of.identity.methodLabel },
    code: of.code,
    port: of.port,
    action: of.action,
    fields: Object.entries(of.fields).flatMap(([name, value]) =>
      value === undefined ? [] : { name, value },
    ),
  }
}

function comparedWith(visitor: string, address: string): TerminalQuestionPage['from'] {
  if (isLoopback(visitor) && isLoopback(address)) return 'here'
  if (isIP(visitor) !== isIP(address)) return 'untold'
  return addressKey(visitor) === addressKey(address) ? 'here' : 'elsewhere'
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}
