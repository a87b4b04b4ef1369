import type { TokenAnswer } from '../../../contract/answers.ts'
import type { AuthorizationOrder } from '../../../contract/orders.ts'
import { CliFault } from '../../cli-fault.ts'
import type { Surroundings } from '../../surroundings.ts'
import type { BrokerApi } from '../broker-api.ts'
import { GivenUp } from './given-up.ts'
import { openBrowser } from './open-browser.ts'
import { newPkce, type Pkce } from './pkce.ts'
import { listenForReturn } from './return-listener.ts'
import { thisTerminal } from './this-terminal.ts'

const longestWait = 10 * 60_000

/** Signs in with the browser of this machine (RFC 8252 with RFC 7636). CliFault when it is refused or takes too long. */
export async function signInByBrowser(
  api: BrokerApi,
  surroundings: Surroundings,
  stop: AbortSignal,
): Promise<TokenAnswer> {
  const pkce = newPkce(surroundings)
  await using listener = await listenForReturn(pkce.state, api.origin)
  const { redirectUri } = listener
  const url = authorizationUrl(api.origin, redirectUri, pkce, surroundings)
  const isOpen = await openBrowser(url, surroundings)
  surroundings.stderr(
    isOpen
      ? `Approve this terminal in the browser. If none has opened, go to:\n${url}\n`
      : `No browser could be opened here. Go to this address on this machine, or try --device:\n${url}\n`,
  )
  try {
    const answer = await api.token({
      grant_type: 'authorization_code',
      client_id: 'postern-cli',
      code: await inTime(listener.code, surroundings, stop),
      redirect_uri: redirectUri,
      code_verifier: pkce.verifier,
    })
    listener.finish(true)
    return answer
  } catch (error) {
    listener.finish(false)
    throw error
  }
}

function authorizationUrl(
  origin: string,
  redirectUri: string,
  { challenge, state }: Pkce,
  surroundings: Surroundings,
): string {
  const order: AuthorizationOrder = {
    response_type: 'code',
    client_id: 'postern-cli',
    redirect_uri: redirectUri,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state,
    ...thisTerminal(surroundings),
  }
  const url = new URL('/authorize', origin)
  for (const [name, value] of Object.entries(order)) {
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return url.href
}

async function inTime<Result>(
  work: Promise<Result>,
  { effects }: Surroundings,
  stop: AbortSignal,
): Promise<Result> {
  const over = new AbortController()
  const limit = effects
    .sleep(longestWait, AbortSignal.any([over.signal, stop]))
    .catch(() => undefined)
    .then((): never => {
      throw stop.aborted
        ? new GivenUp()
        : new CliFault('Nobody approved in ten minutes. Try again.')
    })
  limit.catch(() => undefined)
  try {
    return await Promise.race([work, limit])
  } finally {
    over.abort()
  }
}
