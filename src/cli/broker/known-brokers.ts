import { join } from 'node:path'
import { ownFolder, writeOwnFile } from '../cache/own-files.ts'
import type { Surroundings } from '../surroundings.ts'
import { configFolder } from './config-folder.ts'
import { ownText } from './own-text.ts'
import { writing } from './writing.ts'

const secretStoreIds = ['keyring', 'keychain', 'dpapi', 'file'] as const
export type SecretStoreId = (typeof secretStoreIds)[number]

/** What a login leaves behind about a broker; no secret. Paths are absolute. */
export interface KnownBroker {
  readonly by: 'token' | 'ticket' | 'certificate'
  /** Another one after each login, so that credentials of the former are not taken for the new one's. */
  readonly signIn: string
  /** Where the tokens are kept. */
  readonly kept?: SecretStoreId
  readonly ca?: string
  readonly certificate?: string
  readonly privateKey?: string
}

/** The brokers that one has logged in to, by origin. */
export interface KnownBrokers {
  readonly usual: string | undefined
  readonly brokers: ReadonlyMap<string, KnownBroker>
}

const formatVersion = 1
const ways = ['token', 'ticket', 'certificate'] as const

function place(surroundings: Surroundings): string {
  return join(configFolder(surroundings), 'brokers.json')
}

/** What the user's own file says; nothing where there is none. NotOurs when others could have written it, CliFault when it can't be read. */
export function readKnownBrokers(surroundings: Surroundings): KnownBrokers {
  const text = ownText(place(surroundings), surroundings)
  const none: KnownBrokers = { usual: undefined, brokers: new Map() }
  if (text === undefined) return none
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    return none
  }
  if (!isRecord(file) || file['version'] !== formatVersion || !isRecord(file['brokers']))
    return none
  const brokers = new Map<string, KnownBroker>()
  for (const [origin, value] of Object.entries(file['brokers'])) {
    const known = knownIn(value)
    if (known) brokers.set(origin, known)
  }
  return { usual: textIn(file, 'usual'), brokers }
}

/** Replaces the file in one step. */
export function writeKnownBrokers(
  { usual, brokers }: KnownBrokers,
  surroundings: Surroundings,
): void {
  const file = { version: formatVersion, usual, brokers: Object.fromEntries(brokers) }
  const suffix = surroundings.effects.randomBytes(8).toString('hex')
  const folder = configFolder(surroundings)
  writing(folder, () => {
    ownFolder(folder, surroundings)
    writeOwnFile(place(surroundings), `${JSON.stringify(file, undefined, 2)}\n`, suffix)
  })
}

function knownIn(value: unknown): KnownBroker | undefined {
  if (!isRecord(value)) return undefined
  const by = ways.find((way) => way === value['by'])
  const signIn = textIn(value, 'signIn')
  if (!by || signIn === undefined) return undefined
  const kept = secretStoreIds.find((id) => id === value['kept'])
  const texts = (['ca', 'certificate', 'privateKey'] as const).flatMap((name) => {
    const text = textIn(value, name)
    return text === undefined ? [] : [[name, text] as const]
  })
  return { by, signIn, ...(kept && { kept }), ...Object.fromEntries(texts) }
}

function textIn(from: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = from[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
