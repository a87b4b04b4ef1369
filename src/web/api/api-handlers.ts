import type { WebDependencies } from '../dependencies.ts'
import { createTerminalRecord } from '../terminals/terminal-record.ts'
import type { ApiLimits } from './api-limits.ts'
import { createStartDevice } from './device-handler.ts'
import { showMe } from './me-handler.ts'
import { createRevoke } from './revoke-handler.ts'
import { createIssue } from './role-session-handler.ts'
import { createShowRoles } from './roles-handler.ts'
import { createGiveTokens } from './token-handler.ts'

/** What the API is made of. */
export type ApiDependencies = Pick<
  WebDependencies,
  'broker' | 'attempts' | 'audit' | 'logger' | 'settings' | 'terminals' | 'terminalCodes'
>

/** What the API's addresses do. */
export type ApiHandlers = ReturnType<typeof createApiHandlers>

export function createApiHandlers(dependencies: ApiDependencies, limits: ApiLimits) {
  const { broker, settings, terminals, terminalCodes } = dependencies
  const { publicUrl } = settings
  const record = createTerminalRecord(dependencies)
  return {
    showMe,
    showRoles: createShowRoles(broker),
    issue: createIssue(broker, settings.stsEndpoint),
    startDevice: createStartDevice({ terminalCodes, limits, publicUrl }),
    giveTokens: createGiveTokens({ terminals, terminalCodes, record, limits }),
    revoke: createRevoke({ terminals, record, limits }),
  }
}
