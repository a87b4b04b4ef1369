import type {
  DeviceAnswer,
  MeAnswer,
  RolesAnswer,
  RoleSessionAnswer,
  TokenAnswer,
} from '../../contract/answers.ts'
import type { DeviceOrder, RoleSessionOrder, TokenOrder } from '../../contract/orders.ts'
import { CliFault } from '../cli-fault.ts'
import type { Send } from './broker-sender.ts'
import { checkedAnswer } from './checked-answer.ts'

/**
 * A broker's JSON API. Every answer is checked before it is given. Rejects with ApiFault, SignInNeeded, or AwsUnavailable
 * when nobody answers as Postern does.
 */
export class BrokerApi {
  readonly origin: string
  readonly #send: Send

  constructor(origin: string, send: Send) {
    this.origin = origin
    this.#send = send
  }

  async me(): Promise<MeAnswer> {
    const answer = await this.#send({ method: 'GET', path: '/api/v1/me' })
    const { meAnswer } = await import('../../contract/answers.ts')
    return checkedAnswer(answer, meAnswer, this.origin)
  }

  async roles(): Promise<RolesAnswer['roles']> {
    const answer = await this.#send({ method: 'GET', path: '/api/v1/roles' })
    const { rolesAnswer } = await import('../../contract/answers.ts')
    return (await checkedAnswer(answer, rolesAnswer, this.origin)).roles
  }

  /** CliFault when the answer is for another role than was asked for, or has ended already. */
  async roleSession(order: RoleSessionOrder, now: Date): Promise<RoleSessionAnswer> {
    const answer = await this.#send({ method: 'POST', path: '/api/v1/role-sessions', body: order })
    const { roleSessionAnswer } = await import('../../contract/answers.ts')
    const session = await checkedAnswer(answer, roleSessionAnswer, this.origin)
    if (session.role !== order.role) {
      throw new CliFault(`${this.origin} answered for another role than ${order.role}.`)
    }
    if (Date.parse(session.credentials.expiration) <= now.getTime()) {
      throw new CliFault(
        `${this.origin} gave credentials that have ended. Check the clock of this machine.`,
      )
    }
    return session
  }

  async device(order: DeviceOrder): Promise<DeviceAnswer> {
    const answer = await this.#send({ method: 'POST', path: '/api/v1/device', body: order })
    const { deviceAnswer } = await import('../../contract/answers.ts')
    const device = await checkedAnswer(answer, deviceAnswer, this.origin)
    for (const uri of [device.verification_uri, device.verification_uri_complete]) {
      if (new URL(uri).origin === this.origin) continue
      throw new CliFault(`${this.origin} wants the code typed in elsewhere. Check the address.`)
    }
    return device
  }

  async token(order: TokenOrder): Promise<TokenAnswer> {
    const answer = await this.#send({ method: 'POST', path: '/api/v1/token', body: order })
    const { tokenAnswer } = await import('../../contract/answers.ts')
    return checkedAnswer(answer, tokenAnswer, this.origin)
  }

  /** Ends the sign-in that a token belongs to. */
  async revoke(token: string): Promise<void> {
    const body = { client_id: 'postern-cli', token }
    const answer = await this.#send({ method: 'POST', path: '/api/v1/revoke', body })
    const { revokeAnswer } = await import('../../contract/answers.ts')
    await checkedAnswer(answer, revokeAnswer, this.origin)
  }
}
