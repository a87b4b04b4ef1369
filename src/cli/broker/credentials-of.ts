import type { Credentials } from '../../credentials/credentials.ts'
import type { FormatOptions } from '../../credentials/format.ts'
import type { HeldSession } from '../held-session.ts'

/** Held credentials as the formats take them, and what goes with them. */
export function credentialsOf(session: HeldSession): {
  readonly credentials: Credentials
  readonly options: Pick<FormatOptions, 'region' | 'endpoints'>
} {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, region, stsEndpoint } = session
  return {
    credentials: {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      expiration: new Date(expiration),
    },
    options: { region, endpoints: { sts: stsEndpoint } },
  }
}
