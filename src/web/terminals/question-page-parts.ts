import type { WebDependencies } from '../dependencies.ts'
import type { ShowPage } from '../page-renderer.ts'
import type { TerminalRecord } from './terminal-record.ts'

/** What the pages are made of that ask whether a command line may sign in. */
export interface QuestionPageParts {
  readonly dependencies: Pick<
    WebDependencies,
    'terminalCodes' | 'attempts' | 'settings' | 'effects'
  >
  readonly record: TerminalRecord
  readonly showPage: ShowPage
}
