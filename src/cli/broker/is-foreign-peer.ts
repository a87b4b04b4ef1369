import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'

const row = /^ *\d+: [\dA-F]+:([\dA-F]{4}) [\dA-F]+:([\dA-F]{4}) (?:\S+ +){4}(\d+) /gm

/**
 * Whether a connection of this machine to this machine is another user's. The arguments of a browser are for all of them
 * to read, and whoever is quicker than the browser would come in its place. Linux alone tells (proc_net(5)); the system
 * itself brings the browsers of Windows to WSL.
 */
export function isForeignPeer({ remotePort, localPort }: Socket): boolean {
  const own = process.getuid?.()
  if (process.platform !== 'linux' || own === undefined) return false
  const owners = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) =>
    ownersIn(tableIn(path), remotePort, localPort),
  )
  return owners.some((owner) => owner !== own && owner !== 0)
}

/** The users of the sockets that lead from one port to the other. */
export function ownersIn(table: string, from?: number, to?: number): readonly number[] {
  return [...table.matchAll(row)].flatMap(([, local = '', remote = '', uid]) =>
    Number.parseInt(local, 16) === from && Number.parseInt(remote, 16) === to ? [Number(uid)] : [],
  )
}

function tableIn(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
