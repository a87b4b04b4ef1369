import { type Answer, exchange } from '../../rolesanywhere/exchange.ts'
import { isUntrusted } from '../is-untrusted.ts'
import { agentsFor, type ClientKey } from '../route.ts'
import type { Route } from '../settings/session-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { version } from '../version.ts'
import { inReachWords } from './reach-words.ts'

/** A request to a broker. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST'
  /** Begins with a slash; goes to the broker's own origin and nowhere else. */
  readonly path: string
  /** JSON; none for GET. */
  readonly body?: unknown
}

/** Sends requests in one way of proving who one is. ExchangeFailed when nobody answers, else what that way throws. */
export type Send = (request: ApiRequest) => Promise<Answer>

/** Milliseconds for one request, the answer's last byte included. Issuing may take AWS a while. */
export const patience = 30_000
/** Ten thousand roles fit in. */
export const largestAnswer = 8 * 1024 * 1024

export interface Way {
  readonly origin: string
  readonly route: Route
  /** What TLS is to prove who one is with. */
  readonly client?: ClientKey | undefined
  /** Gives up what is under way, with its own reason. */
  readonly signal?: AbortSignal | undefined
}

/** The headers of every request, in whatever way it goes. */
export function usualHeaders({ platform }: Pick<Surroundings, 'platform'>): Record<string, string> {
  const { node } = process.versions
  return {
    accept: 'application/json',
    'user-agent': `Postern/${version} (Node ${node}; ${platform}; ${process.arch})`,
  }
}

/** Sends by Node's own client: one connection, no redirect followed, bounded in time and size. */
export async function sendTo(
  { origin, route, client, signal }: Way,
  { method, path, body }: ApiRequest,
  headers: Readonly<Record<string, string>>,
  surroundings: Pick<Surroundings, 'env' | 'platform' | 'prepareTls'>,
): Promise<Answer> {
  const url = new URL(path, origin)
  if (url.origin !== origin) throw new Error(`${path} leads away from ${origin}`)
  const attempt = async (system: boolean): Promise<Answer> =>
    exchange({
      url,
      method,
      headers: {
        ...usualHeaders(surroundings),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? '' : JSON.stringify(body),
      agents: await agentsFor(url, route, surroundings, { system, client }),
      timeout: patience,
      signal,
      largest: largestAnswer,
    })
  return attempt(false)
    .catch((error: unknown) => {
      // Reading the system's certificates takes a while, and mostly Node's own do.
      if (route.caBundle !== undefined || !isUntrusted(error)) throw error
      return attempt(true)
    })
    .catch((error: unknown) => {
      throw inReachWords(error, url)
    })
}
