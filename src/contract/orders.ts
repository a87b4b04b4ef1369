import { z } from 'zod'
import { line } from './line.ts'

/**
 * What the JSON API is asked, as the command line writes it and the server believes it. Field names of the sign-in are those of
 * RFC 6749 and RFC 8628; the bodies are JSON, because a page of another site can send a form and no JSON.
 */

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

/** Where a sign-in by the command line comes from, as it says itself; shown on the page that approves, and believed nowhere. */
const terminal = z.strictObject({
  host: z.optional(line(255)),
  user: z.optional(line(255)),
  system: z.optional(line(64)),
})

/** `POST /api/v1/device` (RFC 8628 §3.1). */
export const deviceOrder = z.strictObject({
  client_id: z.literal('postern-cli'),
  terminal: terminal.optional(),
})
export type DeviceOrder = z.output<typeof deviceOrder>

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

/** `POST /api/v1/revoke` (RFC 7009 §2.1): either token ends the whole sign-in. Answered 200 with `{}`, known or not. */
export const revokeOrder = z.strictObject({
  client_id: z.literal('postern-cli'),
  token: z.string().max(128),
})
