import type { Terminal } from '../../identity/terminals/terminal.ts'
import { agoText, countText, type Moment, momentOf } from '../pages/time-text.ts'
import { ownWords } from './own-words.ts'

interface TerminalLine {
  readonly id: string
  /** `bob on laptop`; what it says of itself. */
  readonly name: string
  readonly system: string | undefined
  readonly address: string
  readonly began: Moment
  readonly usedText: string
  /** Where it was used last, where that is another address. */
  readonly usedFrom: string | undefined
  readonly ends: Moment
}

/** The visitor's sign-ins of the command line (view `terminals`). */
export interface TerminalsPage {
  readonly terminals: readonly TerminalLine[]
  readonly totalText: string
}

export function terminalsModel(terminals: readonly Terminal[], now: Date): TerminalsPage {
  return {
    terminals: terminals.map((terminal) => lineOf(terminal, now)),
    totalText: countText(terminals.length, 'sign-in'),
  }
}

function lineOf(terminal: Terminal, now: Date): TerminalLine {
  const { id, facts, createdAt, lastUsedAt, lastAddress, expiresAt } = terminal
  return {
    id,
    name: nameOf(facts.user, facts.host),
    system: facts.system && ownWords(facts.system),
    address: facts.address,
    began: momentOf(new Date(createdAt), now),
    usedText: agoText(new Date(lastUsedAt), now),
    usedFrom: lastAddress === facts.address ? undefined : lastAddress,
    ends: momentOf(new Date(expiresAt), now),
  }
}

function nameOf(user: string | undefined, host: string | undefined): string {
  const where = host === undefined ? 'a computer that gave no name' : ownWords(host)
  return user === undefined ? where : `${ownWords(user)} on ${where}`
}
