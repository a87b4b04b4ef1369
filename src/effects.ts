import { randomBytes } from 'node:crypto'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import { getCACertificates } from 'node:tls'
import { type Dispatcher, EnvHttpProxyAgent } from 'undici'

/** Ways out to the network; each honours the configured proxy, extra CA and time-outs. */
export interface Network {
  /** For `undici.request`. */
  readonly dispatcher: Dispatcher
  /** For clients that take Node's agents, as the AWS SDK does. */
  readonly httpAgent: HttpAgent
  readonly httpsAgent: HttpsAgent
}

/** Everything the broker does that a test must be able to hold still. */
export interface Effects {
  readonly now: () => Date
  readonly randomBytes: (length: number) => Buffer
  /** Resolves after so many milliseconds; rejects with the signal's reason when aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  readonly network: Network
}

/** How to get out: all optional, all from the configuration. */
export interface NetworkOptions {
  readonly httpProxy?: string | undefined
  readonly httpsProxy?: string | undefined
  /** Comma-separated hosts that are asked directly, as in NO_PROXY. */
  readonly noProxy?: string | undefined
  /** PEM certificates trusted beside Node's own. */
  readonly extraCa?: string | undefined
  /** Milliseconds for a connection to stand. */
  readonly connectTimeout?: number | undefined
  /** Milliseconds from the request to the head of the answer, and between two pieces of its body. */
  readonly answerTimeout?: number | undefined
}

const keepAlive = { keepAlive: true, keepAliveMsecs: 4_000, maxSockets: 256 }

/** The real network. Undici and Node's own agents get the same proxy and the same trust. */
export function openNetwork(options: NetworkOptions = {}): Network & { close(): Promise<void> } {
  const { connectTimeout = 3_000, answerTimeout = 10_000 } = options
  const ca = options.extraCa && [...getCACertificates('default'), options.extraCa]
  const tls = ca ? { ca } : {}
  // An empty string, not undefined: undici and Node would otherwise look into the environment by themselves.
  const proxies = {
    http: options.httpProxy ?? '',
    https: options.httpsProxy ?? '',
    no: options.noProxy ?? '',
  }
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxies.http,
    httpsProxy: proxies.https,
    noProxy: proxies.no,
    connect: { timeout: connectTimeout, ...tls },
    requestTls: { timeout: connectTimeout, ...tls },
    proxyTls: tls,
    headersTimeout: answerTimeout,
    bodyTimeout: answerTimeout,
  })
  const proxyEnv = { HTTP_PROXY: proxies.http, HTTPS_PROXY: proxies.https, NO_PROXY: proxies.no }
  const httpAgent = new HttpAgent({ ...keepAlive, proxyEnv })
  const httpsAgent = new HttpsAgent({ ...keepAlive, proxyEnv, ...tls })
  const close = async (): Promise<void> => {
    httpAgent.destroy()
    httpsAgent.destroy()
    await dispatcher.destroy()
  }
  return { dispatcher, httpAgent, httpsAgent, close }
}

/** The real clock and the real randomness, on a network that was opened for them. */
export function realEffects(network: Network): Effects {
  return {
    now: () => new Date(),
    randomBytes,
    sleep: async (milliseconds, signal) => {
      await delay(milliseconds, undefined, signal ? { signal } : {})
    },
    network,
  }
}
