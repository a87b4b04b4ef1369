import { createHash } from 'node:crypto'
import type { Effects } from '../effects.ts'
import { personKey } from '../identity/identity.ts'
import type { Issued, IssueOrder, Issuer } from './issuer.ts'

export interface ReuseOptions {
  readonly effects: Pick<Effects, 'now'>
  /** Seconds that credentials may be handed out again; 0 for never. */
  readonly seconds: number
  /** Most that are held; the oldest go first. */
  readonly most?: number | undefined
}

interface Held {
  readonly flight: Promise<Issued>
  /** Milliseconds since the epoch; Infinity while AWS is asked. */
  until: number
}

/**
 * One call for orders that are the same: of the same person, by the same browser session or token, with the same value of
 * every parameter. Whoever asks while the call is under way, or shortly after, gets what it gave, marked as reused. A
 * failure is shared by those who waited for it, and not kept. Credentials are held in memory only.
 */
export function reusingIssuer(issuer: Issuer, options: ReuseOptions): Issuer {
  const { effects, seconds, most = 10_000 } = options
  const held = new Map<string, Held>()

  /** Nothing stays for want of a further request: a timer drops it. */
  function keep(key: string, entry: Held): void {
    entry.until = effects.now().getTime() + seconds * 1000
    const drop = (): void => {
      if (held.get(key) === entry) held.delete(key)
    }
    setTimeout(drop, seconds * 1000).unref()
  }

  async function ask(key: string, order: IssueOrder): Promise<Issued> {
    const entry: Held = { flight: issuer.issue(order), until: Infinity }
    const [oldest] = held.size >= most ? held.keys() : []
    if (oldest !== undefined) held.delete(oldest)
    held.set(key, entry)
    try {
      const issued = await entry.flight
      keep(key, entry)
      return issued
    } catch (error) {
      if (held.get(key) === entry) held.delete(key)
      throw error
    }
  }

  return {
    name: issuer.name,
    limits: () => issuer.limits(),
    async issue(order) {
      const key = seconds > 0 ? keyOf(order) : undefined
      if (key === undefined) return issuer.issue(order)
      const found = held.get(key)
      if (!found || found.until <= effects.now().getTime()) return ask(key, order)
      const issued = await found.flight
      return { ...issued, reused: true }
    },
  }
}

/** Undefined where nothing says who asks. A digest, so that no parameter lies about longer than it has to. */
function keyOf(order: IssueOrder): string | undefined {
  const { asker, person, role, tags, ...rest } = order
  if (asker === undefined) return undefined
  // What the trail knows differs with each request, and what a sign-in says is the browser session's.
  const parameters = { ...rest, facts: undefined, assertion: undefined }
  const all = [asker, personKey(person), role.arn, sorted(tags), sorted(parameters)]
  return createHash('sha256').update(JSON.stringify(all)).digest('base64')
}

function sorted(values: object): readonly (readonly [string, unknown])[] {
  return Object.entries(values)
    .map(([key, value]): [string, unknown] => [key, value ?? null])
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
}
