import { createHash } from 'node:crypto'
import type { Terminals } from '../../identity/terminals/terminals.ts'
import { TokenInvalid } from '../../identity/terminals/token-refused.ts'
import type { TerminalRecord } from '../terminals/terminal-record.ts'
import type { ApiWay } from './api-way.ts'

const scheme = /^Bearer(?: +|$)/i

/** The access token of a sign-in by the command line (RFC 6750 §2.1: the header alone, never a query or a form). */
export function createBearerWay(
  terminals: Pick<Terminals, 'use'>,
  record: Pick<TerminalRecord, 'refused'>,
): ApiWay {
  return {
    challenge: 'Bearer realm="Postern"',
    claims: ({ request }) => scheme.test(request.headers.authorization ?? ''),
    async authenticate(exchange) {
      const token = (exchange.request.headers.authorization ?? '').replace(scheme, '')
      const terminal = await terminals.use(token, exchange.context.address)
      if (!terminal) {
        const error = new TokenInvalid()
        await record.refused(exchange, error)
        throw error
      }
      const { id, identity, expiresAt } = terminal
      return { identity, by: 'token', asker: askerOf(id), terminal: id, endsAt: expiresAt }
    },
  }
}

/** Of the sign-in and not of the token, which changes every few minutes while what is cached for it lasts longer. */
function askerOf(terminal: string): string {
  return createHash('sha256').update(`terminal:${terminal}`).digest('base64url')
}
