import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** Starts a proxy in the foreground and waits until it listens. Returns what stops it. */
export async function startProxy(
  command: string,
  args: readonly string[],
  ports: readonly number[],
): Promise<() => Promise<void>> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const said: Buffer[] = []
  child.stderr.on('data', (piece: Buffer) => said.push(piece))
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await ended
  }
  for (const port of ports) {
    for (let tries = 0; !(await answers(port)); tries += 1) {
      if (tries === 100 || child.exitCode !== null) {
        await stop()
        throw new Error(`${command} does not listen: ${Buffer.concat(said).toString()}`)
      }
      await delay(50)
    }
  }
  return stop
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const open = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return open
}
