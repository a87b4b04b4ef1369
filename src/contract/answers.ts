import * as z from 'zod/mini'
import { parseRoleArn } from '../entitlements/arn.ts'
import { line } from './line.ts'

/**
 * The answers of the JSON API, as the server gives them and the command line believes them. Field names of the sign-in are
 * those of RFC 6749 and RFC 8628. By zod's small interface: a command that asks a broker once loads a third of zod.
 */

const text = (shape: RegExp, what?: string) => z.string().check(z.regex(shape, what))
/** To be shown and typed as it stands. */
const address = z
  .url()
  .check(z.maxLength(2048), z.regex(/^[\x21-\x7e]*$/, 'an address in plain characters'))
const seconds = z.int().check(z.gte(0), z.lte(2_592_000))
const roleArn = z
  .string('a role ARN')
  .check(z.refine((arn) => parseRoleArn(arn) !== undefined, 'a role ARN'))

const planned = z.object({ seconds, why: line(1024) })
const offered = z.object({ seconds, maxSeconds: seconds, why: line(1024) })

/** 201 to `POST /api/v1/role-sessions`. `consoleError` stands where the credentials came and the sign-in URL did not. */
export const roleSessionAnswer = z.object({
  role: roleArn,
  credentials: z.object({
    accessKeyId: text(/^\w{16,128}$/),
    secretAccessKey: text(/^[\x21-\x7e]{1,256}$/),
    sessionToken: text(/^[\x21-\x7e]{1,65536}$/),
    expiration: z.iso.datetime(),
  }),
  region: z.optional(line(64)),
  consoleUrl: z.optional(z.string().check(z.maxLength(65_536))),
  consoleError: z.optional(line(2048)),
  /** Where the credentials are good, if not at AWS's own endpoints. */
  endpoints: z.optional(
    z.object({ sts: z.url({ protocol: /^https?$/ }).check(z.maxLength(2048)) }),
  ),
  durations: z.object({ credentials: planned, console: planned }),
})
export type RoleSessionAnswer = z.output<typeof roleSessionAnswer>

/** `GET /api/v1/roles`. */
export const rolesAnswer = z.object({
  roles: z
    .array(
      z.object({
        arn: roleArn,
        account: z.object({ id: text(/^\d{12}$/), name: line(256) }),
        name: line(64),
        issuer: line(64),
        region: z.optional(line(64)),
        durations: z.object({ credentials: offered, console: offered }),
      }),
    )
    .check(z.maxLength(10_000)),
})
export type RolesAnswer = z.output<typeof rolesAnswer>

/** `GET /api/v1/me`. Times are ISO 8601; `tokenEndsAt` stands where a token was sent, and says when a new sign-in is due. */
export const meAnswer = z.object({
  name: line(256),
  displayName: z.optional(line(512)),
  email: z.optional(line(512)),
  people: line(256),
  method: z.object({ id: line(64), label: line(256) }),
  by: z.enum(['token', 'ticket', 'certificate']),
  groups: z.array(line(2048)).check(z.maxLength(10_000)),
  authenticatedAt: z.iso.datetime(),
  tokenEndsAt: z.optional(z.iso.datetime()),
})
export type MeAnswer = z.output<typeof meAnswer>

/** Every answer from 400 on (RFC 6749 §5.2, with the ID that names it in Postern's log). */
export const errorAnswer = z.object({
  error: line(64),
  error_description: z.optional(z.string().check(z.maxLength(8192))),
  causes: z.optional(z.array(z.string().check(z.maxLength(4096))).check(z.maxLength(16))),
  remedies: z.optional(z.array(z.string().check(z.maxLength(4096))).check(z.maxLength(16))),
  request_id: z.optional(line(64)),
})
export type ErrorAnswer = z.output<typeof errorAnswer>

/** RFC 8628 §3.2. */
export const deviceAnswer = z.object({
  device_code: text(/^[\w-]{43}$/),
  user_code: text(/^[A-Z]{4}-[A-Z]{4}$/),
  verification_uri: address,
  verification_uri_complete: address,
  expires_in: seconds,
  interval: z.int().check(z.gte(1), z.lte(60)),
})
export type DeviceAnswer = z.output<typeof deviceAnswer>

/** RFC 6749 §5.1. `session_expires_in` says when refreshing ends, in seconds. */
export const tokenAnswer = z.object({
  access_token: text(/^[\w.-]{43,128}$/),
  token_type: z.literal('Bearer'),
  expires_in: seconds,
  refresh_token: text(/^[\w.-]{43,128}$/),
  session_expires_in: seconds,
})
export type TokenAnswer = z.output<typeof tokenAnswer>

/** RFC 7009 §2.2. */
export const revokeAnswer = z.object({})
