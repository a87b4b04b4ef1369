import { type BrokerError, InvalidRequest, TooManyRequests } from '../../errors.ts'
import type { ReturnPlace } from '../../identity/sign-in-state.ts'
import type { WaitingDevice } from '../../identity/terminals/device-codes.ts'
import { terminalEnd } from '../../identity/terminals/terminal-life.ts'
import { readUserCode } from '../../identity/terminals/user-code.ts'
import { seeOther } from '../answers.ts'
import type { Exchange, SignedInExchange } from '../exchange.ts'
import { approverOf } from './approver.ts'
import { cameByThemselves } from './came-by-themselves.ts'
import { createDeviceDecision, unknownCode } from './device-decision.ts'
import { deviceModel } from './device-model.ts'
import { ownWords } from './own-words.ts'
import type { QuestionPageParts } from './question-page-parts.ts'
import { createTerminalLimits } from './terminal-limits.ts'
import { terminalQuestionModel } from './terminal-question-model.ts'

export interface DevicePages {
  readonly show: (exchange: SignedInExchange) => Promise<void>
  readonly submit: (exchange: SignedInExchange) => Promise<void>
  readonly placeOf: (exchange: Exchange) => ReturnPlace
  readonly showStale: (exchange: Exchange) => void
}

/** A command line without a browser signs in (RFC 8628): its code is typed or followed here, compared, and approved. */
export function createDevicePages(parts: QuestionPageParts): DevicePages {
  const { record, showPage } = parts
  const { terminalCodes, settings, effects } = parts.dependencies
  const decision = createDeviceDecision(parts.dependencies, record)
  const limits = createTerminalLimits(parts.dependencies.attempts)

  function showForm(exchange: SignedInExchange, typed: string, error?: BrokerError): void {
    if (error instanceof TooManyRequests) {
      exchange.response.setHeader('Retry-After', String(error.retryAfterSeconds))
    }
    showPage(exchange, 'device', deviceModel(typed, error), {
      title: 'Sign in the command line',
      status: error?.status ?? 200,
    })
  }

  /** Undefined where the form was shown instead. Each guess is recorded. */
  async function find(
    exchange: SignedInExchange,
    typed: string,
  ): Promise<WaitingDevice | undefined> {
    const { identity, context } = exchange
    try {
      await limits.admitLook(identity, context.address)
      const device = await terminalCodes.findDevice(typed)
      if (device) return device
      throw unknownCode()
    } catch (error) {
      if (!isRefusal(error)) throw error
      await record.refused(exchange, error, identity)
      showForm(exchange, typed, error)
      return undefined
    }
  }

  function ask(exchange: SignedInExchange, device: WaitingDevice): void {
    const { identity, context } = exchange
    const now = effects.now()
    const { facts, userCode, createdAt } = device
    const page = terminalQuestionModel(
      {
        identity,
        facts,
        visitorAddress: context.address,
        askedAt: createdAt,
        endsAt: terminalEnd(approverOf(exchange).endsAt, now.getTime(), settings.terminals),
        code: userCode,
        action: '/device',
        fields: { user_code: userCode },
      },
      now,
    )
    showPage(exchange, 'terminal-question', page, { title: 'Sign in the command line' })
  }

  async function decide(
    exchange: SignedInExchange,
    device: WaitingDevice,
    approved: boolean,
  ): Promise<void> {
    const { facts, userCode } = device
    try {
      if (approved) await decision.approve(exchange, device)
      else await decision.deny(exchange, device)
    } catch (error) {
      if (!isRefusal(error)) throw error
      showForm(exchange, userCode, error)
      return
    }
    showPage(
      exchange,
      'terminal-decided',
      { approved, host: facts.host && ownWords(facts.host) },
      { title: approved ? 'Signed in' : 'Refused' },
    )
  }

  return {
    async show(exchange) {
      const { user_code: typed = '' } = exchange.query
      // Any site can send somebody here with any code, and must not use up their looks: a click on our own form does.
      if (typed === '' || !cameByThemselves(exchange.request)) {
        showForm(exchange, readUserCode(typed) ?? '')
        return
      }
      const device = await find(exchange, typed)
      if (device) ask(exchange, device)
    },

    async submit(exchange) {
      const { user_code: typed = '', decision: chosen } = exchange.form
      if (chosen !== undefined && chosen !== 'approve' && chosen !== 'deny') {
        throw new InvalidRequest('Approve or refuse, nothing else.')
      }
      const device = await find(exchange, typed)
      if (!device) return
      if (chosen === undefined) ask(exchange, device)
      else await decide(exchange, device, chosen === 'approve')
    },

    placeOf,

    showStale(exchange) {
      seeOther(exchange.response, placeOf(exchange).path)
    },
  }
}

/** What the form itself tells. */
function isRefusal(error: unknown): error is InvalidRequest | TooManyRequests {
  return error instanceof InvalidRequest || error instanceof TooManyRequests
}

/** The question once more: nothing that was decided before the sign-in is taken for decided after it. */
function placeOf({ request, query, form }: Exchange): ReturnPlace {
  const typed = (request.method === 'POST' ? form : query)['user_code'] ?? ''
  const code = readUserCode(typed)
  const path = code === undefined ? '/device' : `/device?user_code=${code}`
  return { path, form: undefined }
}
