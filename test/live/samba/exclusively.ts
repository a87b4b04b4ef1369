import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Waits until nobody else on this machine holds the name, at most so many milliseconds. Gives how to let go of it. */
export async function exclusively(name: string, patience: number): Promise<() => Promise<void>> {
  const file = join(tmpdir(), `${name}.lock`)
  for (let waited = 0; !take(file); waited += 250) {
    if (!holderLives(file)) rmSync(file, { force: true })
    else if (waited > patience) throw new Error(`${file} is held by another run`)
    await delay(250)
  }
  return () => {
    rmSync(file, { force: true })
    return Promise.resolve()
  }
}

function take(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx', 0o600)
    writeSync(descriptor, String(process.pid))
    closeSync(descriptor)
    return true
  } catch {
    return false
  }
}

function holderLives(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    // Empty for a moment, between making and writing it.
    if (pid > 0) process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
