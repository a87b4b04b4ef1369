import type { STSClient } from '@aws-sdk/client-sts'
import type { Credentials } from '../credentials/credentials.ts'
import type { Effects } from '../effects.ts'
import type { Logger } from '../telemetry/logger.ts'
import { type AwsTimeouts, BoundedHttpHandler, sdkLogger } from './bounded-http-handler.ts'

/**
 * Where Postern's own credentials come from: the SDK's default chain, one named profile and nothing else, or credentials
 * that Postern gets and renews by itself.
 */
export type BaseSource =
  | { readonly type: 'environment' }
  | { readonly type: 'profile'; readonly name: string }
  | { readonly type: 'held'; readonly credentials: HeldCredentials }

/** Credentials that somebody else renews. */
export interface HeldCredentials {
  current(): Promise<Credentials>
  /** Drops them, because AWS did not know them. */
  forget(): void
}

/** An address in place of AWS's own: the same for every region, or one for each. */
export type StsEndpoint = string | ((region: string) => string | undefined)

/** The address that is configured for a region, if any. */
export function endpointIn(region: string, endpoint: StsEndpoint | undefined): string | undefined {
  return typeof endpoint === 'function' ? endpoint(region) : endpoint
}

export interface StsClientOptions {
  readonly source: BaseSource
  readonly endpoint: StsEndpoint | undefined
  readonly effects: Pick<Effects, 'network'>
  readonly logger: Pick<Logger, 'warn'>
  readonly timeouts: AwsTimeouts
}

export interface StsClients {
  forRegion(region: string): Promise<STSClient>
  /** Drops every client, and with them the credentials they hold, so that rotated ones are read anew. */
  forget(): void
}

/** People may name regions; nobody names more than there are. */
const maxClients = 64

/** One STS client for each region, made when first needed. The SDK is loaded then too: it costs 50 ms of start-up. */
export function createStsClients(options: StsClientOptions): StsClients {
  const clients = new Map<string, Promise<STSClient>>()
  return {
    async forRegion(region) {
      const known = clients.get(region)
      if (known) return known
      if (clients.size >= maxClients) clients.clear()
      const made = makeClient(region, options)
      clients.set(region, made)
      return made
    },
    forget() {
      clients.clear()
      if (options.source.type === 'held') options.source.credentials.forget()
    },
  }
}

async function makeClient(region: string, options: StsClientOptions): Promise<STSClient> {
  const { source, effects, logger, timeouts } = options
  const endpoint = endpointIn(region, options.endpoint)
  const { STSClient } = await import('@aws-sdk/client-sts')
  return new STSClient({
    region,
    // Repeating is ours to decide: the SDK would repeat time-outs as well.
    maxAttempts: 1,
    requestHandler: new BoundedHttpHandler(effects.network, timeouts, logger),
    logger: sdkLogger(logger),
    // The SDK refuses an address together with a variant that the environment asks for; the address says which it is.
    ...(endpoint !== undefined && {
      endpoint,
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
    }),
    ...(source.type === 'profile' && { credentials: await profile(source.name) }),
    ...(source.type === 'held' && { credentials: held(source.credentials) }),
  })
}

/** Strictly the profile: with `profile` set on the client, the SDK goes on to the instance when the profile has nothing. */
async function profile(name: string) {
  const { fromIni } = await import('@aws-sdk/credential-provider-ini')
  return fromIni({ profile: name, ignoreCache: true })
}

/** Marked so that the SDK asks for them at each call, and keeps none by itself. */
function held(credentials: HeldCredentials) {
  return Object.assign(() => credentials.current(), { memoized: true })
}
