import { z } from 'zod'
import { parseRoleArn } from './entitlements/arn.ts'

/**
 * The JSON API, as the server answers and the command line believes it. Field names of the sign-in are those of RFC 6749
 * and RFC 8628; the bodies are JSON, because a page of another site can send a form and no JSON.
 */

/** Names, reasons and addresses: no control character ever reaches a terminal, a file or a header. */
const line = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'one line without control characters')
/** To be shown and typed as it stands. */
const address = z
  .url()
  .max(2048)
  .regex(/^[\x21-\x7e]*$/, 'an address in plain characters')
const seconds = z.int().min(0).max(2_592_000)
const roleArn = z
  .string('a role ARN')
  .refine((text) => parseRoleArn(text) !== undefined, 'a role ARN')

const planned = z.object({ seconds, why: line(1024) })
const offered = z.object({ seconds, maxSeconds: seconds, why: line(1024) })

/** `POST /api/v1/role-sessions`. Seconds; what is left out is the role's default. */
export const roleSessionOrder = z.strictObject({
  role: z.string('a role ARN').max(2048, 'a role ARN'),
  duration: z.int('whole seconds').min(0).max(999_999).optional(),
  console: z.boolean('true or false').optional(),
  consoleDuration: z.int('whole seconds').min(0).max(999_999).optional(),
  destination: z.string().max(2048, 'at most 2048 characters').optional(),
  region: z.string().max(64, 'a region').optional(),
})
export type RoleSessionOrder = z.output<typeof roleSessionOrder>

/** 201 to `POST /api/v1/role-sessions`. `consoleError` stands where the credentials came and the sign-in URL did not. */
export const roleSessionAnswer = z.object({
  role: roleArn,
  credentials: z.object({
    accessKeyId: z.string().regex(/^\w{16,128}$/),
    secretAccessKey: z.string().regex(/^[\x21-\x7e]{1,256}$/),
    sessionToken: z.string().regex(/^[\x21-\x7e]{1,65536}$/),
    expiration: z.iso.datetime(),
  }),
  region: line(64).optional(),
  consoleUrl: z.string().max(65_536).optional(),
  consoleError: line(2048).optional(),
  /** Where the credentials are good, if not at AWS's own endpoints. */
  endpoints: z.object({ sts: z.url({ protocol: /^https?$/ }).max(2048) }).optional(),
  durations: z.object({ credentials: planned, console: planned }),
})
export type RoleSessionAnswer = z.output<typeof roleSessionAnswer>

/** `GET /api/v1/roles`. */
export const rolesAnswer = z.object({
  roles: z
    .array(
      z.object({
        arn: roleArn,
        account: z.object({ id: z.string().regex(/^\d{12}$/), name: line(256) }),
        name: line(64),
        issuer: line(64),
        region: line(64).optional(),
        durations: z.object({ credentials: offered, console: offered }),
      }),
    )
    .max(10_000),
})
export type RolesAnswer = z.output<typeof rolesAnswer>

/** `GET /api/v1/me`. Times are ISO 8601; `tokenEndsAt` stands where a token was sent, and says when a new sign-in is due. */
export const meAnswer = z.object({
  name: line(256),
  displayName: line(512).optional(),
  email: line(512).optional(),
  people: line(256),
  method: z.object({ id: line(64), label: line(256) }),
  by: z.enum(['token', 'ticket', 'certificate']),
  groups: z.array(line(2048)).max(10_000),
  authenticatedAt: z.iso.datetime(),
  tokenEndsAt: z.iso.datetime().optional(),
})
export type MeAnswer = z.output<typeof meAnswer>

/** Every answer from 400 on (RFC 6749 §5.2, with the ID that names it in Postern's log). */
export const errorAnswer = z.object({
  error: line(64),
  error_description: z.string().max(8192).optional(),
  causes: z.array(z.string().max(4096)).max(16).optional(),
  remedies: z.array(z.string().max(4096)).max(16).optional(),
  request_id: line(64).optional(),
})
export type ErrorAnswer = z.output<typeof errorAnswer>

/** Where a sign-in by the command line comes from, as it says itself; shown on the page that approves, and believed nowhere. */
const terminal = z.strictObject({
  host: line(255).optional(),
  user: line(255).optional(),
  system: line(64).optional(),
})

/** `POST /api/v1/device` (RFC 8628 §3.1). */
export const deviceOrder = z.strictObject({
  client_id: z.literal('postern-cli'),
  terminal: terminal.optional(),
})
export type DeviceOrder = z.output<typeof deviceOrder>

/** RFC 8628 §3.2. */
export const deviceAnswer = z.object({
  device_code: z.string().regex(/^[\w-]{43}$/),
  user_code: z.string().regex(/^[A-Z]{4}-[A-Z]{4}$/),
  verification_uri: address,
  verification_uri_complete: address,
  expires_in: seconds,
  interval: z.int().min(1).max(60),
})
export type DeviceAnswer = z.output<typeof deviceAnswer>

const verifier = /^[\w.~-]{43,128}$/

/**
 * The query of `GET /authorize` (RFC 6749 §4.1.1, RFC 7636 §4.3). The redirect leads to 127.0.0.1 or [::1] alone, with
 * `code`, `state` and `iss` (RFC 9207), or with `error` and these. `host`, `user` and `system` are a terminal's own words.
 */
export const authorizationOrder = z.object({
  response_type: z.literal('code'),
  client_id: z.literal('postern-cli'),
  redirect_uri: z.string().max(256),
  code_challenge: z.string().regex(/^[\w-]{43}$/, 'SHA-256 in base64url'),
  code_challenge_method: z.literal('S256'),
  state: z.string().regex(/^[\w.~-]{22,128}$/, '22 to 128 unreserved characters'),
  ...terminal.shape,
})
export type AuthorizationOrder = z.output<typeof authorizationOrder>

/** `POST /api/v1/token`: RFC 6749 §4.1.3 with RFC 7636 §4.5, RFC 8628 §3.4, and RFC 6749 §6. */
export const tokenOrder = z.discriminatedUnion('grant_type', [
  z.strictObject({
    grant_type: z.literal('authorization_code'),
    client_id: z.literal('postern-cli'),
    code: z.string().max(128),
    redirect_uri: z.string().max(256),
    code_verifier: z.string().regex(verifier),
  }),
  z.strictObject({
    grant_type: z.literal('urn:ietf:params:oauth:grant-type:device_code'),
    client_id: z.literal('postern-cli'),
    device_code: z.string().max(128),
  }),
  z.strictObject({
    grant_type: z.literal('refresh_token'),
    client_id: z.literal('postern-cli'),
    refresh_token: z.string().max(128),
  }),
])
export type TokenOrder = z.output<typeof tokenOrder>

/** RFC 6749 §5.1. `session_expires_in` says when refreshing ends, in seconds. */
export const tokenAnswer = z.object({
  access_token: z.string().regex(/^[\w.-]{43,128}$/),
  token_type: z.literal('Bearer'),
  expires_in: seconds,
  refresh_token: z.string().regex(/^[\w.-]{43,128}$/),
  session_expires_in: seconds,
})
export type TokenAnswer = z.output<typeof tokenAnswer>

/** `POST /api/v1/revoke` (RFC 7009 §2.1): either token ends the whole sign-in. Answered 200 with `{}`, known or not. */
export const revokeOrder = z.strictObject({
  client_id: z.literal('postern-cli'),
  token: z.string().max(128),
})
