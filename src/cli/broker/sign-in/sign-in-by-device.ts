import type { DeviceAnswer, TokenAnswer } from '../../../contract/answers.ts'
import { AwsUnavailable } from '../../../errors.ts'
import { CliFault } from '../../cli-fault.ts'
import type { Surroundings } from '../../surroundings.ts'
import { coloursFor } from '../../terminal/colour.ts'
import { withProgress } from '../../terminal/progress.ts'
import { ApiFault } from '../api-fault.ts'
import { NoPostern } from '../checked-answer.ts'
import type { BrokerApi } from '../broker-api.ts'
import { GivenUp } from './given-up.ts'
import { thisTerminal } from './this-terminal.ts'

// RFC 8628 §3.5.
const slowDown = 5_000

/** Signs in with a browser anywhere, by a code that is shown here and there (RFC 8628). CliFault when it is refused. */
export async function signInByDevice(
  api: BrokerApi,
  surroundings: Surroundings,
  stop: AbortSignal,
): Promise<TokenAnswer> {
  const { effects, stderr } = surroundings
  const order = { client_id: 'postern-cli', terminal: thisTerminal(surroundings) } as const
  const device = await withProgress(`Asking ${api.origin}`, surroundings, () => api.device(order))
  const { bold } = coloursFor('stderr', surroundings)
  stderr(
    `Go to ${bold(device.verification_uri)} in any browser and approve the code ${bold(device.user_code)}.\n` +
      `The page shows the same code. It is good for ${minutes(device.expires_in)}.\n`,
  )
  const end = effects.now().getTime() + device.expires_in * 1000
  let pause = device.interval * 1000
  while (effects.now().getTime() < end) {
    await effects.sleep(pause, stop).catch(() => undefined)
    if (stop.aborted) throw new GivenUp()
    const found = await poll(api, device)
    if (typeof found === 'object') return found
    if (found === 'slow_down') pause += slowDown
    // "Exponential backoff" after a broken connection (RFC 8628 §3.5).
    if (found === 'unreachable') pause = Math.min(pause * 2, 60_000)
  }
  throw expired()
}

type Waiting = 'pending' | 'slow_down' | 'unreachable'

async function poll(api: BrokerApi, { device_code }: DeviceAnswer): Promise<TokenAnswer | Waiting> {
  try {
    return await api.token({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: 'postern-cli',
      device_code,
    })
  } catch (error) {
    if (error instanceof NoPostern && error.httpStatus < 500) throw error
    if (error instanceof AwsUnavailable) return 'unreachable'
    if (!(error instanceof ApiFault)) throw error
    if (error.code === 'authorization_pending') return 'pending'
    if (error.code === 'slow_down') return 'slow_down'
    if (error.mayPass) return 'unreachable'
    if (error.code === 'expired_token') throw expired()
    if (error.code === 'access_denied')
      throw new CliFault('The sign-in was refused in the browser.')
    throw error
  }
}

function expired(): CliFault {
  return new CliFault('Nobody approved the code in time. Run postern login again.')
}

function minutes(seconds: number): string {
  const count = Math.max(1, Math.floor(seconds / 60))
  return `${count} minute${count === 1 ? '' : 's'}`
}
