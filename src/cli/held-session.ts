/** Credentials of a role session, and what is needed to know how long they serve. */
export interface HeldSession {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  /** The end in AWS's own spelling, which is passed on as it is. */
  readonly expiration: string
  /** When they were obtained, in milliseconds since 1970. */
  readonly obtained: number
  /** When the certificate ends, in milliseconds since 1970. */
  readonly certificateEnds: number
  /** Region of the role, where its broker names one. */
  readonly region?: string | undefined
  /** STS that they are good at, where that is not AWS's own. */
  readonly stsEndpoint?: string | undefined
}

const longestReserve = 20 * 60_000
// A clock that was set back makes credentials look younger than they are.
const tolerableSkew = 5 * 60_000

/** Milliseconds until they end; negative afterwards. */
export function lifeLeft({ expiration }: HeldSession, now: Date): number {
  return Date.parse(expiration) - now.getTime()
}

/** Milliseconds until they should be renewed: while 20 minutes are left, or half their life where that is less. */
export function untilRenewal(session: HeldSession, now: Date): number {
  const half = (Date.parse(session.expiration) - session.obtained) / 2
  return lifeLeft(session, now) - Math.min(longestReserve, half)
}

/** Whether they may be handed out without asking AWS again. */
export function isFresh(session: HeldSession, now: Date): boolean {
  return untilRenewal(session, now) > 0 && session.obtained <= now.getTime() + tolerableSkew
}
