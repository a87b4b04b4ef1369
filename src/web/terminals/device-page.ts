import { type BrokerError, InvalidRequest, TooManyRequests } from '../../errors.ts'
import type { ReturnPlace } from '../../identity/sign-in-state.ts'
import type { WaitingDevice } from '../../identity/terminals/device-codes.ts'
import { readUserCode } from '../../identity/terminals/user-code.ts'
import { seeOther } from '../answers.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { Exchange, SignedInExchange } from '../exchange.ts'
import type { ShowPage } from '../page-renderer.ts'
import { approverOf, endOf } from './approver.ts'
import { deviceModel } from './device-model.ts'
import { ownWords } from './own-words.ts'
import { terminalQuestionModel } from './terminal-question-model.ts'
import type { TerminalRecord } from './terminal-record.ts'
import { userCodeLimit } from './user-code-limits.ts'

export interface DevicePages {
  readonly show: (exchange: SignedInExchange) => Promise<void>
  readonly submit: (exchange: SignedInExchange) => Promise<void>
  readonly placeOf: (exchange: Exchange) => ReturnPlace
  readonly showStale: (exchange: Exchange) => void
}

export interface DevicePageParts {
  readonly dependencies: Pick<
    WebDependencies,
    'terminalCodes' | 'attempts' | 'settings' | 'effects'
  >
  readonly record: TerminalRecord
  readonly showPage: ShowPage
}

/** A command line without a browser signs in (RFC 8628): its code is typed or followed here, compared, and approved. */
export function createDevicePages(parts: DevicePageParts): DevicePages {
  const { record, showPage } = parts
  const { terminalCodes, settings, effects } = parts.dependencies
  const admit = userCodeLimit(parts.dependencies.attempts)

  function showForm(exchange: SignedInExchange, typed: string, error?: BrokerError): void {
    if (error instanceof TooManyRequests) {
      exchange.response.setHeader('Retry-After', String(error.retryAfterSeconds))
    }
    showPage(exchange, 'device', deviceModel(typed, error), {
      title: 'Sign in the command line',
      status: error?.status ?? 200,
    })
  }

  /** Undefined where the form was shown instead. */
  async function find(
    exchange: SignedInExchange,
    typed: string,
  ): Promise<WaitingDevice | undefined> {
    try {
      await admit(exchange.identity, exchange.context.address)
    } catch (error) {
      if (!(error instanceof TooManyRequests)) throw error
      showForm(exchange, typed, error)
      return undefined
    }
    const device = await terminalCodes.findDevice(typed)
    if (!device) showForm(exchange, typed, unknownCode())
    return device
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
        endsAt: endOf(approverOf(exchange), now.getTime(), settings.terminals.absoluteSeconds),
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
    const { identity } = exchange
    const { terminal, facts, userCode } = device
    const type = approved ? 'terminal-approved' : 'terminal-denied'
    await record.happened(exchange, type, { id: terminal, identity, facts })
    const decided = await terminalCodes.decide(device, approved ? approverOf(exchange) : 'denied')
    if (!decided) {
      showForm(exchange, userCode, unknownCode())
      return
    }
    const title = approved ? 'Signed in' : 'Refused'
    showPage(
      exchange,
      'terminal-decided',
      { approved, host: facts.host && ownWords(facts.host) },
      { title },
    )
  }

  return {
    async show(exchange) {
      const typed = exchange.query['user_code']
      if (typed === undefined) {
        showForm(exchange, '')
        return
      }
      const device = await find(exchange, typed)
      if (device) ask(exchange, device)
    },

    async submit(exchange) {
      const { user_code: typed = '', decision } = exchange.form
      if (decision !== undefined && decision !== 'approve' && decision !== 'deny') {
        throw new InvalidRequest('Approve or refuse, nothing else.')
      }
      const device = await find(exchange, typed)
      if (!device) return
      if (decision === undefined) ask(exchange, device)
      else await decide(exchange, device, decision === 'approve')
    },

    placeOf,

    showStale(exchange) {
      seeOther(exchange.response, placeOf(exchange).path)
    },
  }
}

/** The question once more: nothing that was decided before the sign-in is taken for decided after it. */
function placeOf({ request, query, form }: Exchange): ReturnPlace {
  const typed = (request.method === 'POST' ? form : query)['user_code'] ?? ''
  const code = readUserCode(typed)
  const path = code === undefined ? '/device' : `/device?user_code=${code}`
  return { path, form: undefined }
}

function unknownCode(): InvalidRequest {
  return new InvalidRequest(
    'No command line waits with this code. It may be mistyped, used, or older than ten minutes.',
  )
}
