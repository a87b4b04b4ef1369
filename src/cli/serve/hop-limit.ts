import type { Server } from 'node:http'
import { CliFault } from '../cli-fault.ts'
import { importOptional } from '../keys/import-optional.ts'

// IPPROTO_IP and IP_TTL of each system's <netinet/in.h>.
const ipTtl: Partial<Record<NodeJS.Platform, number>> = { linux: 2, darwin: 4 }
const ordinary = 64

type SetSocketOption = (
  file: number,
  level: number,
  name: number,
  value: Buffer,
  length: number,
) => number

/**
 * Sets the time to live of what the server sends. Node has no way of its own, so all but the ordinary 64 need the
 * optional package koffi. CliFault where that is missing or the system refuses.
 */
export async function setHopLimit(
  server: Server,
  hops: number,
  platform: NodeJS.Platform,
): Promise<void> {
  if (!Number.isInteger(hops) || hops < 1 || hops > 255) {
    throw new CliFault('The hop limit must be 1 to 255.')
  }
  if (hops === ordinary) return
  const name = ipTtl[platform]
  const file = descriptorOf(server)
  if (name === undefined || file === undefined) {
    throw new CliFault(`The hop limit can't be set on ${platform}. Leave it at ${ordinary}.`)
  }
  const setSocketOption = await foreignFunction()
  const value = Buffer.alloc(4)
  value.writeInt32LE(hops)
  if (setSocketOption(file, 0, name, value, value.length) !== 0) {
    throw new CliFault('The system refuses the hop limit.')
  }
}

async function foreignFunction(): Promise<SetSocketOption> {
  let found: unknown
  try {
    found = await importOptional('koffi')
  } catch (cause) {
    throw new CliFault(
      `A hop limit other than ${ordinary} needs the package koffi, which is not installed. ` +
        'Install it beside Postern: npm install --no-save --no-strict-allow-scripts koffi@3.3.4',
      { cause },
    )
  }
  const library: unknown = call(
    member(found, 'load') ?? member(member(found, 'default'), 'load'),
    null,
  )
  const declared: unknown = call(
    bound(library, 'func'),
    'int setsockopt(int, int, int, const void *, unsigned int)',
  )
  return (...args) => Number(call(declared, ...args))
}

function descriptorOf(server: Server): number | undefined {
  const file = member(member(server, '_handle'), 'fd')
  return typeof file === 'number' && file >= 0 ? file : undefined
}

function member(value: unknown, name: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  return Reflect.get(value, name)
}

function bound(value: unknown, name: string): unknown {
  const found = member(value, name)
  return typeof found === 'function' ? found.bind(value) : undefined
}

function call(callable: unknown, ...args: readonly unknown[]): unknown {
  if (typeof callable !== 'function') throw new CliFault('The installed koffi is of another kind.')
  return Reflect.apply(callable, undefined, args)
}
