import type { Credentials } from '../../credentials/credentials.ts'
import type { HeldSession } from '../held-session.ts'

/** Held credentials as the formats take them, and the region that goes with them. */
export function credentialsOf(session: HeldSession): {
  readonly credentials: Credentials
  readonly region: string | undefined
} {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, region } = session
  return {
    credentials: {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      expiration: new Date(expiration),
    },
    region,
  }
}
