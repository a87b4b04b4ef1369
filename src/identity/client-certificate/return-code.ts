import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Effects } from '../../effects.ts'
import type { SignInStateStore } from '../sign-in-state-store.ts'
import { refuse } from './certificate-refusal.ts'

/** What comes back with a code: what the sign-in was started with, and what the certificate proved. */
interface Returned {
  readonly carried: string
  readonly proven: string
}

/**
 * The way from the main origin to the one for certificates and back, which share no cookies. Whoever finishes must be
 * the browser that started: without that, a page could have a victim's browser sign in for an attacker's, or the other
 * way round. Every method rejects with StateUnavailable when the state can't serve.
 */
export interface ReturnCodes {
  /** On the main origin: what the browser takes along. `browserNonce` is the value of its cookie, `carry` comes back. */
  begin(browserNonce: string, carry: string): Promise<string>
  /** On the origin for certificates: a code for what was taken along. Rejects with CertificateRefusal when it was used. */
  issue(started: string, proven: string): Promise<string>
  /** On the main origin again. Of several callers, one gets it; another browser gets a CertificateRefusal and spends nothing. */
  redeem(code: string, browserNonce: string): Promise<Returned>
}

const startLifeMilliseconds = 600_000
const codeLifeMilliseconds = 60_000
const randomLength = 32
const shape = /^[\w-]{43}$/
const returned = z.object({ carried: z.string(), proven: z.string() })

/** The codes of one sign-in method. */
export function createReturnCodes(
  store: SignInStateStore,
  method: string,
  effects: Pick<Effects, 'now' | 'randomBytes'>,
): ReturnCodes {
  const now = () => effects.now().getTime()
  const random = () => effects.randomBytes(randomLength).toString('base64url')
  const hashOf = (kind: 'start' | 'code', value: string) =>
    sha256(`certificate-${kind}:${method}:${value}`)

  return {
    async begin(browserNonce, carry) {
      const started = random()
      await store.put({
        idHash: hashOf('start', started),
        method,
        browserHash: sha256(browserNonce),
        data: carry,
        expiresAt: now() + startLifeMilliseconds,
      })
      return started
    },
    async issue(started, proven) {
      const state = shape.test(started)
        ? await store.take(hashOf('start', started), now())
        : undefined
      if (!state) return refuse('certificate_return', 'no such sign-in was started')
      const code = random()
      await store.put({
        idHash: hashOf('code', code),
        method,
        browserHash: state.browserHash,
        data: JSON.stringify({ carried: state.data, proven } satisfies Returned),
        expiresAt: now() + codeLifeMilliseconds,
      })
      return code
    },
    async redeem(code, browserNonce) {
      const idHash = hashOf('code', code)
      const found = shape.test(code) ? await store.read(idHash, now()) : undefined
      if (!found) return refuse('certificate_return', 'no such code')
      if (!same(found.browserHash, sha256(browserNonce)))
        refuse('certificate_return', 'another browser')
      const taken = await store.take(idHash, now())
      if (!taken) return refuse('certificate_return', 'used at the same moment')
      return returned.parse(JSON.parse(taken.data))
    },
  }
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
