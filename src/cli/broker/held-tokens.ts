import type { TokenAnswer } from '../../contract/answers.ts'

/** The tokens of a sign-in. Times are milliseconds since 1970. */
export interface HeldTokens {
  readonly accessToken: string
  readonly accessEnds: number
  readonly refreshToken: string
  /** When refreshing ends, and a new sign-in is due. */
  readonly signInEnds: number
}

const formatVersion = 1
const token = /^[\w.-]{43,128}$/

/** The tokens as one text. It names its broker, so that none ever goes to another. */
export function tokensText(origin: string, tokens: HeldTokens): string {
  return JSON.stringify({ version: formatVersion, origin, ...tokens })
}

/** The tokens in a text that was kept for that very broker; undefined when it holds none. */
export function tokensIn(text: string, origin: string): HeldTokens | undefined {
  let kept: unknown
  try {
    kept = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof kept !== 'object' || kept === null) return undefined
  const value = (name: string): unknown => Reflect.get(kept, name)
  if (value('version') !== formatVersion || value('origin') !== origin) return undefined
  const [accessToken, refreshToken] = [value('accessToken'), value('refreshToken')]
  const [accessEnds, signInEnds] = [value('accessEnds'), value('signInEnds')]
  if (typeof accessToken !== 'string' || typeof refreshToken !== 'string') return undefined
  if (typeof accessEnds !== 'number' || typeof signInEnds !== 'number') return undefined
  if (!token.test(accessToken) || !token.test(refreshToken)) return undefined
  return { accessToken, accessEnds, refreshToken, signInEnds }
}

/** The tokens of an answer that came just now. */
export function tokensOf(answer: TokenAnswer, now: Date): HeldTokens {
  return {
    accessToken: answer.access_token,
    accessEnds: now.getTime() + answer.expires_in * 1000,
    refreshToken: answer.refresh_token,
    signInEnds: now.getTime() + answer.session_expires_in * 1000,
  }
}
