import { revokeOrder } from '../../contract/orders.ts'
import type { Terminals } from '../../identity/terminals/terminals.ts'
import { checkedFields } from '../checked-fields.ts'
import type { Exchange } from '../exchange.ts'
import type { TerminalRecord } from '../terminals/terminal-record.ts'
import type { ApiLimits } from './api-limits.ts'

export interface RevokeParts {
  readonly terminals: Pick<Terminals, 'endByToken'>
  readonly record: Pick<TerminalRecord, 'happened'>
  readonly limits: Pick<ApiLimits, 'admitAddress' | 'refusedAddress'>
}

/** `POST /api/v1/revoke` (RFC 7009): either token ends the sign-in. The answer tells nobody whether there was one. */
export function createRevoke({ terminals, record, limits }: RevokeParts) {
  return async (exchange: Exchange, body: unknown): Promise<void> => {
    const { token } = checkedFields(revokeOrder, body, 'request')
    const { address } = exchange.context
    await limits.admitAddress(address)
    const ended = await terminals.endByToken(token)
    if (ended) await record.happened(exchange, 'terminal-signed-out', ended)
    else await limits.refusedAddress(address)
    exchange.response.json({})
  }
}
