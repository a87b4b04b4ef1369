import type { Frame } from '../../src/web/pages/frame.ts'
import type { RoleSessionQuery } from '../../src/web/pages/role-session-model.ts'

/** One page in one state: what a handler would give the view. `query` is the address's own. */
export interface State {
  readonly view: string
  readonly frame: Frame
  page(now: Date, query: RoleSessionQuery): object
}
