import { signerFrom } from '../../src/keys/key-material.ts'
import type { Signer } from '../../src/keys/signer.ts'
import {
  createSession,
  type SessionOptions,
  type SessionRequest,
} from '../../src/rolesanywhere/create-session.ts'
import { issuePath } from '../keys/test-certificates.ts'
import { type Answering, serve } from './fake-roles-anywhere.ts'

/** A session that would be given. */
export const sessionRequest: SessionRequest = {
  trustAnchorArn: 'arn:aws:rolesanywhere:us-east-1:111111111111:trust-anchor/a1',
  profileArn: 'arn:aws:rolesanywhere:us-east-1:111111111111:profile/p1',
  roleArn: 'arn:aws:iam::111111111111:role/path/ReadOnly',
}
const path = issuePath()
/** An EC key whose certificate comes with the one above it. */
export const signer = await signerFrom({
  certificate: Buffer.from(
    path.leaf.certificatePem + path.intermediate.certificatePem + path.leaf.keyPem,
  ),
})

/** Effects that stand still: each pause moves the clock by itself. */
export function stillEffects(random = 0x80) {
  const seen = { pauses: [] as number[], now: new Date('2026-12-01T12:00:00Z') }
  const effects = {
    now: () => seen.now,
    randomBytes: (length: number) => Buffer.alloc(length, random),
    sleep: (milliseconds: number) => {
      seen.pauses.push(milliseconds)
      seen.now = new Date(seen.now.getTime() + milliseconds)
      return Promise.resolve()
    },
  }
  return { seen, effects }
}

/** What comes of one request for a session, from a service that answers so. */
export async function askSession(
  answer: Answering,
  {
    wish = {},
    options = {},
    by = signer,
  }: { wish?: Partial<SessionRequest>; options?: Partial<SessionOptions>; by?: Signer } = {},
) {
  await using server = await serve(answer)
  const { seen, effects } = stillEffects()
  const outcome = await createSession({ ...sessionRequest, ...wish }, () => by, {
    effects,
    endpoint: server.endpoint,
    ...options,
  }).then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  )
  return { ...outcome, arrived: server.arrived, pauses: seen.pauses }
}
