import type { TokenAnswer } from '../../contract/answers.ts'
import { type TokenOrder, tokenOrder } from '../../contract/orders.ts'
import { InvalidRequest } from '../../errors.ts'
import type { IssuedTokens } from '../../identity/terminals/issued-tokens.ts'
import type { Redemption } from '../../identity/terminals/redeem-code.ts'
import type { TerminalCodes } from '../../identity/terminals/terminal-codes.ts'
import type { Terminals } from '../../identity/terminals/terminals.ts'
import { TokenRefused } from '../../identity/terminals/token-refused.ts'
import { checkedFields } from '../checked-fields.ts'
import type { Exchange } from '../exchange.ts'
import { orUndo } from '../terminals/or-undo.ts'
import type { TerminalRecord } from '../terminals/terminal-record.ts'
import type { ApiLimits } from './api-limits.ts'

export interface TokenParts {
  readonly terminals: Pick<Terminals, 'ownerOf' | 'refresh' | 'takeBack' | 'endByToken'>
  readonly terminalCodes: Pick<TerminalCodes, 'redeemCode' | 'redeemDevice'>
  readonly record: TerminalRecord
  readonly limits: Pick<ApiLimits, 'admitAddress' | 'refusedAddress' | 'admitPerson'>
}

const grantTypes: readonly string[] = tokenOrder.options.map(({ shape }) => shape.grant_type.value)
const knownGrantTypes = `There are ${grantTypes.join(', ')}.`

/** `POST /api/v1/token` (RFC 6749 §3.2): a code or a refresh token for a pair of tokens. */
export function createGiveTokens(parts: TokenParts) {
  const { terminals, terminalCodes, record, limits } = parts

  async function redeemed(exchange: Exchange, redemption: Redemption): Promise<IssuedTokens> {
    if (redemption.outcome === 'redeemed') {
      const { terminal, tokens, displaced } = redemption
      await orUndo(
        async () => {
          for (const gone of displaced) await record.happened(exchange, 'terminal-displaced', gone)
          await record.happened(exchange, 'terminal-signed-in', terminal)
        },
        () => terminals.endByToken(tokens.access),
      )
      return tokens
    }
    if (redemption.terminal) {
      await record.happened(exchange, 'terminal-code-reused', redemption.terminal)
    }
    throw spent('The code was used before, so its sign-in has ended.')
  }

  async function refreshed(exchange: Exchange, token: string): Promise<IssuedTokens> {
    const owner = await terminals.ownerOf(token)
    // Before the token is used: who is sent away now must be able to come back with it.
    if (owner) await limits.admitPerson(owner.identity)
    const refresh = owner && (await terminals.refresh(token, exchange.context.address))
    if (!refresh || refresh.outcome === 'unknown') throw spent('The sign-in has ended.')
    if (refresh.outcome === 'reused') {
      await record.happened(exchange, 'terminal-token-reused', refresh.terminal)
      throw spent('The refresh token was used before, so its sign-in has ended.')
    }
    const { terminal, tokens } = refresh
    // Whoever is sent away now comes back with the same token, and must not be taken for a thief.
    await orUndo(
      () => record.happened(exchange, 'terminal-refreshed', terminal),
      () => terminals.takeBack(token, tokens),
    )
    return tokens
  }

  async function tokensFor(exchange: Exchange, order: TokenOrder): Promise<IssuedTokens> {
    const { address } = exchange.context
    switch (order.grant_type) {
      case 'authorization_code': {
        const { code, redirect_uri, code_verifier } = order
        const found = await terminalCodes.redeemCode(code, redirect_uri, code_verifier, address)
        return redeemed(exchange, found)
      }
      case 'urn:ietf:params:oauth:grant-type:device_code':
        return redeemed(exchange, await terminalCodes.redeemDevice(order.device_code, address))
      case 'refresh_token':
        return refreshed(exchange, order.refresh_token)
    }
  }

  return async (exchange: Exchange, body: unknown): Promise<void> => {
    const { address } = exchange.context
    const order = readOrder(body)
    await limits.admitAddress(address)
    try {
      exchange.response.json(answerOf(await tokensFor(exchange, order)))
    } catch (error) {
      if (error instanceof TokenRefused) {
        // Each question of a device is written down, and impatience could ask without end.
        if (isGuess(error) || error.code === 'slow_down') await limits.refusedAddress(address)
        if (isGuess(error)) await record.refused(exchange, error)
      }
      throw error
    }
  }
}

function readOrder(body: unknown): TokenOrder {
  const type = field(body, 'grant_type')
  const client = field(body, 'client_id')
  if (typeof type !== 'string') {
    throw new InvalidRequest(`The request names no grant_type. ${knownGrantTypes}`)
  }
  if (!grantTypes.includes(type)) {
    throw new TokenRefused(
      'unsupported_grant_type',
      `Postern knows no such grant_type. ${knownGrantTypes}`,
    )
  }
  if (typeof client === 'string' && client !== 'postern-cli') {
    throw new TokenRefused(
      'invalid_client',
      'Postern knows no such client_id. There is one: postern-cli.',
    )
  }
  return checkedFields(tokenOrder, body, 'request')
}

function field(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
}

/** Waiting for somebody's approval is what the device flow is made of. */
function isGuess({ code }: TokenRefused): boolean {
  return code === 'invalid_grant' || code === 'expired_token'
}

function spent(message: string): TokenRefused {
  return new TokenRefused('invalid_grant', `${message} Run \`postern login\` again.`)
}

function answerOf({ access, refresh, expiresIn, sessionExpiresIn }: IssuedTokens): TokenAnswer {
  return {
    access_token: access,
    token_type: 'Bearer',
    expires_in: expiresIn,
    refresh_token: refresh,
    session_expires_in: sessionExpiresIn,
  }
}
