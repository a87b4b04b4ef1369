import type { Exchange } from '../exchange.ts'
import type { ProvenExchange } from './api-exchange.ts'
import type { ApiHandlers } from './api-handlers.ts'

type Answer = Promise<void> | void

/** Who may come: any program, or one that proves by exactly one way who it acts for. There is no default. */
interface ApiGet {
  readonly method: 'get'
  readonly path: string
  readonly access: 'proven'
  handle: (exchange: ProvenExchange) => Answer
}

type ApiPost = {
  readonly method: 'post'
  readonly path: string
  /** Bytes. */
  readonly bodyLimit: number
} & (
  | {
      readonly access: 'proven'
      handle: (exchange: ProvenExchange, body: unknown) => Answer
    }
  | {
      readonly access: 'public'
      handle: (exchange: Exchange, body: unknown) => Answer
    }
)

export type ApiRoute = ApiGet | ApiPost

/** Every address of the JSON API. */
export function apiRoutes(handlers: ApiHandlers): readonly ApiRoute[] {
  return [
    { method: 'get', path: '/api/v1/me', access: 'proven', handle: handlers.showMe },
    { method: 'get', path: '/api/v1/roles', access: 'proven', handle: handlers.showRoles },
    {
      method: 'post',
      path: '/api/v1/role-sessions',
      access: 'proven',
      bodyLimit: 16_384,
      handle: handlers.issue,
    },
    {
      method: 'post',
      path: '/api/v1/device',
      access: 'public',
      bodyLimit: 4_096,
      handle: handlers.startDevice,
    },
    {
      method: 'post',
      path: '/api/v1/token',
      access: 'public',
      bodyLimit: 4_096,
      handle: handlers.giveTokens,
    },
    {
      method: 'post',
      path: '/api/v1/revoke',
      access: 'public',
      bodyLimit: 4_096,
      handle: handlers.revoke,
    },
  ]
}
