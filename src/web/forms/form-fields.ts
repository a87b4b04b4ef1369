import { z } from 'zod'
import type { RoleSessionRequest } from '../../broker.ts'
import { checkRegion } from '../../credentials/region.ts'
import { checkedFields } from '../checked-fields.ts'
import type { Fields } from './fields.ts'

const token = z.string().max(128).optional()
const continuation = z.string().max(8).optional()
const seconds = z
  .string()
  .regex(/^\d{1,6}$/, 'a whole number of seconds')
  .transform(Number)
const destination = z.string().max(2048, 'at most 2048 characters')
const role = z.string().max(2048, 'a role ARN')
const account = z.string().max(64, 'an account number')

const signInForm = z.strictObject({
  _csrf: token,
  continue: continuation,
  username: z.string('a name').min(1, 'a name').max(256, 'at most 256 characters'),
  password: z.string('a password').min(1, 'a password').max(1024, 'at most 1024 characters'),
})

const roleSessionForm = z.strictObject({
  _csrf: token,
  role: z.string('a role ARN').max(2048, 'a role ARN'),
  duration: seconds.optional(),
  console: z.enum(['true', 'false'], 'true or false').optional(),
  consoleDuration: seconds.optional(),
  destination: destination.optional(),
  region: z.string().max(64, 'a region').optional(),
})

const portalLinkFields = z.object({
  account: account.optional(),
  role: role.optional(),
  destination: destination.optional(),
  ask: z.string().optional(),
})

/** Name and password as they were typed. Throws InvalidRequest. */
export function readSignInForm(fields: Fields): { name: string; password: string } {
  const { username, password } = checkedFields(signInForm, fields, 'form')
  return { name: username, password }
}

/** What the form asks for; names and meanings are those of the JSON API. Throws InvalidRequest. */
export function readRoleSessionForm(fields: Fields): RoleSessionRequest {
  const { duration, consoleDuration, region, ...form } = checkedFields(
    roleSessionForm,
    withoutEmpty(fields),
    'form',
  )
  return {
    role: form.role,
    duration,
    console: form.console === 'true',
    consoleDuration,
    destination: form.destination,
    region: region === undefined ? undefined : checkRegion(region),
  }
}

export interface PortalLink {
  /** Account number. */
  readonly account: string
  /** Role name or ARN. */
  readonly role: string
  readonly destination: string | undefined
  /** Set by ourselves where the first request must not issue at once. */
  readonly ask: boolean
}

/** A portal link as it came in; fields that it may carry for others are left alone. Throws InvalidRequest. */
export function readPortalLink(fields: Fields): PortalLink {
  const link = checkedFields(portalLinkFields, withoutEmpty(fields), 'form')
  const { destination: asked, ask } = link
  return {
    account: link.account ?? '',
    role: link.role ?? '',
    destination: asked,
    ask: ask !== undefined,
  }
}

/** Seconds as a form sent them before, to show them again; undefined for anything else. */
export function secondsIn(text: string | undefined): number | undefined {
  return seconds.safeParse(text).data
}

/** A field left empty is as good as none. */
function withoutEmpty(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
}
