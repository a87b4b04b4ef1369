import { type FileHandle, open, stat } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { KeyFault } from '../key-fault.ts'

/** Sends one command and gives the answer to it. */
export interface TpmConnection extends AsyncDisposable {
  exchange(command: Buffer): Promise<Buffer>
}

const largest = 4096
const header = 10
const patience = 60_000

/**
 * Opens a character device or a UNIX socket; default the kernel's resource manager, else the bare device. KeyFault
 * `tpm_key` when there is none.
 */
export async function connectTpm(device: string | undefined): Promise<TpmConnection> {
  const failures: string[] = []
  for (const path of device ? [device] : ['/dev/tpmrm0', '/dev/tpm0']) {
    try {
      const stats = await stat(path)
      return stats.isSocket() ? await overSocket(path) : overDevice(await open(path, 'r+'))
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new KeyFault('tpm_key', "The TPM can't be reached. Are you allowed to use it?", {
    detail: failures.join('; '),
  })
}

function overDevice(device: FileHandle): TpmConnection {
  return {
    exchange: async (command) => {
      await device.write(command)
      const { buffer, bytesRead } = await device.read(Buffer.alloc(largest))
      return buffer.subarray(0, bytesRead)
    },
    [Symbol.asyncDispose]: () => device.close(),
  }
}

async function overSocket(path: string): Promise<TpmConnection> {
  const socket = connect(path)
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  socket.once('connect', () => {
    resolve(undefined)
  })
  socket.once('error', reject)
  await promise
  socket.setTimeout(patience, () => socket.destroy(new Error('the TPM does not answer')))
  return {
    exchange: (command) => {
      socket.write(command)
      return answer(socket)
    },
    [Symbol.asyncDispose]: () => {
      socket.destroy()
      return Promise.resolve()
    },
  }
}

/** An answer says its own length in bytes 2 to 5. */
async function answer(socket: Socket): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  let bytes = Buffer.alloc(0)
  const take = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk])
    const length = bytes.length < header ? largest : bytes.readUInt32BE(2)
    if (length > largest) reject(new Error('the answer of the TPM is too long'))
    else if (bytes.length >= length) resolve(bytes.subarray(0, length))
  }
  const ended = (): void => {
    reject(new Error('the TPM broke off its answer'))
  }
  socket.on('data', take).once('error', reject).once('close', ended)
  try {
    return await promise
  } finally {
    socket.off('data', take).off('error', reject).off('close', ended)
  }
}
