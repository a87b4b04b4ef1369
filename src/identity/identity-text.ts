import { z } from 'zod'
import type { Identity } from './identity.ts'

/** An identity as the state keeps it, as JSON: with a browser session, or with a sign-in of the command line. */
export const storedIdentity = z
  .object({
    person: z.object({ people: z.string().min(1), id: z.string().min(1) }),
    name: z.string().min(1),
    displayName: z.string().optional(),
    email: z.string().optional(),
    method: z.string().min(1),
    methodLabel: z.string(),
    groups: z.array(z.string()),
    attributes: z.record(z.string(), z.array(z.string())),
    awsRoles: z.array(z.object({ roleArn: z.string(), providerArn: z.string() })).optional(),
    authenticatedAt: z.number(),
    endsAt: z.number().optional(),
    breakGlass: z.boolean(),
  })
  .transform(({ displayName, email, ...rest }): Identity => ({ ...rest, displayName, email }))

/** Undefined where the text is no identity of this version; its owner signs in again. */
export function readIdentity(text: string): Identity | undefined {
  try {
    return storedIdentity.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
