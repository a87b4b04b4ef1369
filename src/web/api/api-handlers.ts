import type { WebDependencies } from '../dependencies.ts'
import { showMe } from './me-handler.ts'
import { createIssue } from './role-session-handler.ts'
import { createShowRoles } from './roles-handler.ts'

/** What the API's addresses do. */
export type ApiHandlers = ReturnType<typeof createApiHandlers>

export function createApiHandlers({ broker }: Pick<WebDependencies, 'broker' | 'attempts'>) {
  return {
    showMe,
    showRoles: createShowRoles(broker),
    issue: createIssue(broker),
  }
}
