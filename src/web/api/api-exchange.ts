import type { RequestContext } from '../../broker.ts'
import type { Exchange } from '../exchange.ts'
import type { ApiCaller } from './api-way.ts'

/** An exchange with a program that has proven who it acts for. */
export interface ProvenExchange extends Exchange {
  readonly caller: ApiCaller
  readonly context: Exchange['context'] & Pick<RequestContext, 'by' | 'terminal'>
}
