import { z } from 'zod'
import { accounts } from './accounts.ts'
import { aws } from './aws.ts'
import { grants } from './grants.ts'
import { issuers } from './issuers.ts'
import { listen, operations, publicUrl, trustedProxies } from './listen.ts'
import {
  audit,
  banner,
  help,
  limits,
  log,
  network,
  organisation,
  sessions,
  state,
} from './operation.ts'
import { defaults } from './role-settings.ts'
import { roles } from './roles.ts'
import { signIn } from './sign-in.ts'

/** The whole configuration file. The JSON Schema, the reference and the example are made from it. */
export const documentSchema = z.strictObject({
  publicUrl,
  listen,
  operations,
  trustedProxies,
  organisation,
  help,
  banner,
  signIn,
  issuers,
  accounts,
  defaults,
  roles,
  grants,
  aws,
  network,
  sessions,
  limits,
  audit,
  state,
  log,
})

export type DocumentSettings = z.output<typeof documentSchema>
