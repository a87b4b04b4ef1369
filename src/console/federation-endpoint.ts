import type { Effects } from '../effects.ts'
import type { Partition } from '../entitlements/arn.ts'
import { longDuration } from '../entitlements/duration-text.ts'
import { InvalidDuration, InvalidRequest } from '../errors.ts'
import { noAnswer } from '../issuers/no-answer.ts'
import { type Target, unreachable } from '../issuers/unreachable.ts'
import type { Logger } from '../telemetry/logger.ts'
import { askFederation, type Reply } from './ask-federation.ts'
import type { ConsoleLink, ConsoleOrder, ConsoleSignIn } from './console-sign-in.ts'
import { checkDestination, defaultDestination, noConsole } from './destination.ts'
import { federationFault, isPassing } from './federation-faults.ts'
import { partitionHosts } from './partition-hosts.ts'
import { signInTokenIn } from './sign-in-token.ts'
import { signInUrl } from './sign-in-url.ts'

export interface ConsoleSignInOptions {
  /** `aws.endpoints`: instead of AWS's own hosts, in every partition. */
  readonly endpoints: {
    readonly federation?: string | undefined
    readonly console?: string | undefined
  }
  /** POST where nothing is set: GET puts the credentials into an address. */
  readonly methodByPartition: Readonly<Partial<Record<Partition, 'GET' | 'POST'>>>
  readonly effects: Effects
  readonly logger: Pick<Logger, 'warn'>
  /** Milliseconds. */
  readonly timeouts?: Partial<FederationTimeouts> | undefined
}

interface FederationTimeouts {
  readonly answer: number
  readonly total: number
}

/** Milliseconds that a sign-in URL is good for (IAM User Guide, custom identity broker). */
const urlLife = 15 * 60_000
/** Most milliseconds before the one further try. */
const longestPause = 500

/** Opens consoles through AWS's federation endpoint. */
export function createConsoleSignIn(options: ConsoleSignInOptions): ConsoleSignIn {
  const { endpoints, methodByPartition, effects, logger } = options
  const { answer: answerTimeout = 10_000, total = 2 * answerTimeout } = options.timeouts ?? {}

  function federationEndpoint({ partition, region }: ConsoleOrder): string {
    const hosts = partitionHosts(partition, region)
    if (endpoints.federation !== undefined) return withPath(endpoints.federation)
    if (!hosts) throw noConsole(partition)
    return hosts.federationEndpoint
  }

  async function ask(order: ConsoleOrder, endpoint: string, seconds: number | undefined) {
    const target = { host: new URL(endpoint).host, setting: 'aws.endpoints.federation' }
    const question = {
      endpoint,
      method: methodByPartition[order.partition] ?? 'POST',
      fields: fieldsFor(order, seconds),
      dispatcher: effects.network.dispatcher,
      signal: AbortSignal.timeout(total),
      answerTimeout,
    }
    const answer = async (): Promise<Reply> => {
      try {
        return await askFederation(question)
      } catch (error) {
        throw unreachable(error, target) ?? unreadable(target)
      }
    }
    const first = await answer()
    if (!isPassing(first)) return { reply: first, target }
    const pause = (effects.randomBytes(1).readUInt8() / 256) * longestPause
    await effects.sleep(Math.ceil(pause), question.signal)
    return { reply: await answer(), target }
  }

  async function open(order: ConsoleOrder): Promise<ConsoleLink> {
    const wanted = order.sessionDurationSeconds
    checkSeconds(wanted)
    const now = effects.now().getTime()
    const left = order.credentials.expiration.getTime() - now
    if (left <= 0)
      throw new InvalidRequest('These credentials have ended. Get new ones for the role.')
    const endpoint = federationEndpoint(order)
    const first = await ask(order, endpoint, wanted)
    const minded = wanted !== undefined && first.reply.status === 400
    const { reply, target } = minded ? await ask(order, endpoint, undefined) : first
    const signInToken = reply.status === 200 ? signInTokenIn(reply.text) : undefined
    if (signInToken === undefined) {
      if (reply.status === 200) throw unreadable(target)
      throw federationFault(reply, target, secretsOf(order))
    }
    if (minded) logger.warn({ operation: 'getSigninToken', wanted }, 'AWS refused the duration')
    const consoleMs = wanted === undefined || minded ? left : wanted * 1000
    const consoleExpiration = new Date(now + consoleMs)
    return {
      url: signInUrl({ ...order, federationEndpoint: endpoint, signInToken }),
      urlExpiration: new Date(Math.min(now + urlLife, consoleExpiration.getTime())),
      consoleExpiration,
      consoleSeconds: Math.floor(consoleMs / 1000),
      destination: order.destination,
      notes: minded ? [mindedNote(wanted)] : [],
    }
  }

  return {
    checkDestination(destination, partition, region) {
      const rules = { partition, region, configuredConsole: endpoints.console }
      return destination === undefined
        ? defaultDestination(rules)
        : checkDestination(destination, rules)
    },
    open,
  }
}

function mindedNote(seconds: number): string {
  return `AWS refused a console session of ${longDuration(seconds)} with these credentials, so the console ends with them.`
}

/** The range of SessionDuration (IAM User Guide, custom identity broker). */
function checkSeconds(seconds: number | undefined): void {
  if (seconds === undefined) return
  if (!Number.isSafeInteger(seconds) || seconds < 900 || seconds > 43_200)
    throw new InvalidDuration('A console session can last from 900 to 43200 seconds.')
}

function fieldsFor({ credentials }: ConsoleOrder, seconds: number | undefined) {
  const session = {
    sessionId: credentials.accessKeyId,
    sessionKey: credentials.secretAccessKey,
    sessionToken: credentials.sessionToken,
  }
  return {
    Action: 'getSigninToken',
    ...(seconds !== undefined && { SessionDuration: String(seconds) }),
    Session: JSON.stringify(session),
  }
}

function secretsOf({ credentials }: ConsoleOrder): string[] {
  return [credentials.secretAccessKey, credentials.sessionToken]
}

function unreadable(target: Target) {
  return noAnswer('getSigninToken', target, 'no sign-in token that can be believed')
}

/** A configured endpoint may be named without its path, as that of AWS never differs. */
function withPath(endpoint: string): string {
  const url = new URL(endpoint)
  return url.pathname === '/' ? new URL('/federation', url).href : endpoint
}
