import type { Surroundings } from '../../surroundings.ts'
import { type Send, sendTo, type Way } from '../broker-sender.ts'
import type { TokenKeeper } from '../token-keeper.ts'

/** Sends with the token of a sign-in (RFC 6750 §2.1); a token that is refused is renewed once. */
export function sendWithToken(way: Way, keeper: TokenKeeper, surroundings: Surroundings): Send {
  return async (request) => {
    const attempt = (token: string) =>
      sendTo(way, request, { authorization: `Bearer ${token}` }, surroundings)
    const token = await keeper.accessToken()
    const answer = await attempt(token)
    // What a 401 answers has done nothing yet.
    return answer.status === 401 ? attempt(await keeper.accessToken(token)) : answer
  }
}
