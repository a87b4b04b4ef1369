import { NotFound } from '../../errors.ts'
import { seeOther } from '../answers.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { SignedInExchange } from '../exchange.ts'
import type { ShowPage } from '../page-renderer.ts'
import type { TerminalRecord } from './terminal-record.ts'
import { terminalsModel } from './terminals-model.ts'

export interface TerminalsPages {
  readonly show: (exchange: SignedInExchange) => Promise<void>
  readonly end: (exchange: SignedInExchange) => Promise<void>
}

export interface TerminalsPageParts {
  readonly dependencies: Pick<WebDependencies, 'terminals' | 'effects'>
  readonly record: TerminalRecord
  readonly showPage: ShowPage
}

/** Where somebody sees which command lines act for them, and ends one. */
export function createTerminalsPages(parts: TerminalsPageParts): TerminalsPages {
  const { record, showPage } = parts
  const { terminals, effects } = parts.dependencies
  return {
    async show(exchange) {
      const found = await terminals.ofPerson(exchange.identity.person)
      const page = terminalsModel(found, effects.now())
      showPage(exchange, 'terminals', page, { title: 'Terminals' })
    },
    async end(exchange) {
      const { form, identity, response } = exchange
      const ended = await terminals.end(form['terminal'] ?? '', identity.person)
      if (!ended) {
        throw new NotFound('You have no such sign-in. It may have ended already.')
      }
      await record.happened(exchange, 'terminal-signed-out', ended)
      seeOther(response, '/terminals')
    },
  }
}
