import type { Credentials } from '../credentials/credentials.ts'
import type { KeySource } from '../keys/key-source.ts'
import { type RolesAnywhereCall, sessionAsker } from './roles-anywhere.ts'

export interface RolesAnywhereBaseOptions extends RolesAnywhereCall {
  /** The role that Postern itself takes. */
  readonly roleArn: string
  readonly key: KeySource
}

/** Seconds: the default of a profile. AWS cuts it to the profile's own. */
const baseSeconds = 3_600

/** Gets the broker's own credentials with a certificate, so that no access key is stored. Rejects as an issuer does. */
export function rolesAnywhereBase(options: RolesAnywhereBaseOptions): () => Promise<Credentials> {
  const { roleArn, key } = options
  const ask = sessionAsker(options)
  return async () => {
    const asked = { roleArn, durationSeconds: baseSeconds, roleSessionName: undefined }
    return (await ask(asked, key)).credentials
  }
}
