import type { DeviceAnswer } from '../../contract/answers.ts'
import { deviceOrder } from '../../contract/orders.ts'
import type { TerminalCodes } from '../../identity/terminals/terminal-codes.ts'
import { checkedFields } from '../checked-fields.ts'
import type { Exchange } from '../exchange.ts'
import type { ApiLimits } from './api-limits.ts'

export interface DeviceParts {
  readonly terminalCodes: Pick<TerminalCodes, 'startDevice'>
  readonly limits: Pick<ApiLimits, 'admitStart'>
  readonly publicUrl: URL
}

/** `POST /api/v1/device` (RFC 8628 §3.1): a code for the program, and one for people to type at `/device`. */
export function createStartDevice({ terminalCodes, limits, publicUrl }: DeviceParts) {
  return async ({ context, response }: Exchange, body: unknown): Promise<void> => {
    const { terminal = {} } = checkedFields(deviceOrder, body, 'request')
    const { address } = context
    await limits.admitStart(address)
    const { host, user, system } = terminal
    const start = await terminalCodes.startDevice({ host, user, system, address })
    const page = new URL('/device', publicUrl)
    const complete = new URL(page)
    complete.searchParams.set('user_code', start.userCode)
    const answer: DeviceAnswer = {
      device_code: start.deviceCode,
      user_code: start.userCode,
      verification_uri: page.href,
      verification_uri_complete: complete.href,
      expires_in: start.expiresIn,
      interval: start.interval,
    }
    response.json(answer)
  }
}
