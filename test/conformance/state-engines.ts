import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openState, type State } from '../../src/state/open-state.ts'

/** A clock that stands still until it is moved; milliseconds since the epoch. */
export class StoppedClock {
  at = Date.UTC(2026, 0, 1)

  readonly now = (): Date => new Date(this.at)

  move(seconds: number): void {
    this.at += seconds * 1_000
  }
}

/** State of one engine, fresh, with the clock that it runs on. */
interface OpenedState extends AsyncDisposable {
  readonly state: State
  readonly clock: StoppedClock
}

export interface StateEngine {
  readonly name: string
  readonly open: () => Promise<OpenedState>
}

/** What openState needs besides the clock. */
export async function sleep(milliseconds: number): Promise<void> {
  await delay(milliseconds)
}

/** Every engine that the suites run over. */
export const stateEngines: readonly StateEngine[] = [
  { name: 'SQLite in a file', open: () => openFile() },
  { name: 'SQLite in memory', open: () => Promise.resolve(openAt('sqlite::memory:')) },
]

function openFile(): Promise<OpenedState> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-state-'))
  const opened = openAt(`sqlite:${join(folder, 'postern.db')}`)
  const dispose = async () => {
    await opened.state.close()
    rmSync(folder, { recursive: true })
  }
  return Promise.resolve({ ...opened, [Symbol.asyncDispose]: dispose })
}

function openAt(location: string): OpenedState {
  const clock = new StoppedClock()
  const state = openState(location, { now: clock.now, sleep })
  return { state, clock, [Symbol.asyncDispose]: () => state.close() }
}
