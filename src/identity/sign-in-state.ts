import { createHash } from 'node:crypto'
import { z } from 'zod'
import { addressKey } from './address.ts'
import type { AttemptRule, AttemptStore } from './attempt-store.ts'
import type { SignInStateStore } from './sign-in-state-store.ts'

/** A place of ours that a visitor was at when the sign-in came between, with the form that was being sent. */
export interface ReturnPlace {
  /** Path and query, never an address of another site. */
  readonly path: string
  /** Contents of a form, shown again filled in. */
  readonly form: Readonly<Record<string, string>> | undefined
}

/** Who asks: the random value of the browser's own cookie, and the address that places are counted by. */
interface Visitor {
  readonly key: string
  readonly address: string
}

/** Places to return to, kept on the server: the browser holds one cookie, and a number for each waiting tab. */
export interface SignInStates {
  /** The number of the kept place, or undefined where it isn't one of ours or too many are kept: sign-in then leads home. */
  remember(visitor: Visitor, place: ReturnPlace): Promise<string | undefined>
  recall(visitorKey: string, number: string): Promise<ReturnPlace | undefined>
  /** Recalls for the last time. */
  take(visitorKey: string, number: string): Promise<ReturnPlace | undefined>
}

export interface SignInStateParts {
  readonly store: SignInStateStore
  readonly attempts: AttemptStore
  readonly now: () => Date
  /** Whether a path with its query belongs to a page of ours that may be returned to. */
  readonly isReturnable: (path: string) => boolean
}

const lifeMilliseconds = 600_000
const placesPerBrowser = 16
const longest = 16_384
// Nobody has signed in yet, so whoever knocks could otherwise fill the database.
const perAddress: AttemptRule = {
  limit: 1000,
  windowSeconds: 600,
  blockSeconds: 60,
  maxBlockSeconds: 600,
}

const number = /^(?:[0-9]|1[0-5])$/
const schema = z.object({
  path: z.string(),
  form: z.record(z.string(), z.string()).optional(),
})

export function createSignInStates(parts: SignInStateParts): SignInStates {
  const { store, attempts, isReturnable } = parts
  const now = () => parts.now().getTime()

  function read(data: string | undefined): ReturnPlace | undefined {
    if (data === undefined) return undefined
    const { path, form } = schema.parse(JSON.parse(data))
    return isReturnable(path) ? { path, form } : undefined
  }

  return {
    async remember({ key, address }, place) {
      const data = JSON.stringify(place)
      if (!isReturnable(place.path) || data.length > longest) return undefined
      const verdict = await attempts.consume(`return-place:${addressKey(address)}`, perAddress)
      if (!verdict.allowed) return undefined
      const chosen = String(sha256(data).readUInt32BE() % placesPerBrowser)
      await store.put({
        idHash: idHash(key, chosen),
        method: undefined,
        browserHash: sha256(key).toString('base64url'),
        data,
        expiresAt: now() + lifeMilliseconds,
      })
      return chosen
    },
    async recall(key, chosen) {
      if (!number.test(chosen)) return undefined
      return read((await store.read(idHash(key, chosen), now()))?.data)
    },
    async take(key, chosen) {
      if (!number.test(chosen)) return undefined
      return read((await store.take(idHash(key, chosen), now()))?.data)
    },
  }
}

function idHash(key: string, chosen: string): string {
  return sha256(`${key}:${chosen}`).toString('base64url')
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
