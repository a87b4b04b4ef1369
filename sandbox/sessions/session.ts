import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Seal } from './seal.ts'

/** How credentials came about; role chaining and the federation endpoint's rules depend on it. */
const origin = z.enum([
  'iam-user',
  'role-chaining',
  'instance-profile',
  'saml',
  'web-identity',
  'roles-anywhere',
  'session-token',
  'federation-token',
])

const session = z.object({
  origin,
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  account: z.string(),
  arn: z.string(),
  userId: z.string(),
  /** ARN of the IAM role, or of the user for `session-token` and `federation-token`. */
  of: z.string(),
  /** Milliseconds since the epoch. */
  issuedAt: z.number(),
  expiresAt: z.number(),
  sourceIdentity: z.string().optional(),
  tags: z.array(z.object({ key: z.string(), value: z.string(), transitive: z.boolean() })),
  policy: z.string().optional(),
  policyArns: z.array(z.string()),
})

export type SessionOrigin = z.infer<typeof origin>
/** Temporary credentials and everything that holds for them. It travels, sealed, in the session token. */
export type Session = z.infer<typeof session>
export type SessionTag = Session['tags'][number]

export interface TemporaryCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Makes a key pair for a session and seals the session into its token, of at least so many characters. */
export function mintCredentials(
  seal: Seal,
  about: Omit<Session, 'accessKeyId' | 'secretAccessKey'>,
  minimumTokenSize = 0,
): TemporaryCredentials {
  const accessKeyId = `ASIA${[...randomBytes(16)].map((byte) => BASE32.charAt(byte & 31)).join('')}`
  const secretAccessKey = randomBytes(30).toString('base64')
  const session = { ...about, accessKeyId, secretAccessKey }
  let sessionToken = seal.seal('session', session, 'base64')
  const short = minimumTokenSize - sessionToken.length
  if (short > 0) {
    const padding = ' '.repeat(Math.ceil((short * 3) / 4))
    sessionToken = seal.seal('session', { ...session, padding }, 'base64')
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(about.expiresAt) }
}

/** The session behind a token, or undefined for a token that was not issued here. Expiry is the caller's business. */
export function openSessionToken(seal: Seal, token: string): Session | undefined {
  return seal.open('session', token, session, 'base64')
}
