import { InvalidRequest } from '../../errors.ts'
import type { ReturnPlace } from '../../identity/sign-in-state.ts'
import { terminalEnd } from '../../identity/terminals/terminal-life.ts'
import { seeOther } from '../answers.ts'
import type { Exchange, SignedInExchange } from '../exchange.ts'
import { allowForms } from '../guards/security-headers.ts'
import { carryMessage } from '../saml/carry-message.ts'
import { approverOf } from './approver.ts'
import { authorizationPath, readAuthorization } from './authorization-request.ts'
import type { QuestionPageParts } from './question-page-parts.ts'
import { createTerminalLimits } from './terminal-limits.ts'
import { terminalQuestionModel } from './terminal-question-model.ts'

export interface AuthorizePages {
  readonly ask: (exchange: SignedInExchange) => void
  readonly decide: (exchange: SignedInExchange) => Promise<void>
  readonly placeOf: (exchange: Exchange) => ReturnPlace
  readonly showStale: (exchange: Exchange) => void
}

const onTheWay = {
  heading: 'Back to the terminal',
  text: 'The answer goes to the program on this computer that asked.',
  label: 'Go on',
}

/** A command line on the visitor's own computer signs in (RFC 8252). Nothing happens here without a click. */
export function createAuthorizePages(parts: QuestionPageParts): AuthorizePages {
  const { record, showPage } = parts
  const { terminalCodes, settings, effects } = parts.dependencies
  const limits = createTerminalLimits(parts.dependencies.attempts)

  /**
   * Back to the program, saying from whom (RFC 9207), so that no other server's answer is taken for ours. CSP has no way
   * to name [::1] in form-action, so a page that goes on by itself leads there.
   */
  function leave(
    exchange: Exchange,
    order: { readonly redirect_uri: string; readonly state: string },
    answer: Readonly<Record<string, string>>,
  ): void {
    const url = new URL(order.redirect_uri)
    const fields = { ...answer, state: order.state, iss: settings.publicUrl.origin }
    url.search = new URLSearchParams(fields).toString()
    if (url.hostname === '127.0.0.1') seeOther(exchange.response, url.href)
    else carryMessage(exchange, { binding: 'redirect', url: url.href }, onTheWay, showPage)
  }

  return {
    ask(exchange) {
      const { identity, context, query, response } = exchange
      const { host, user, system, ...order } = readAuthorization(query)
      const now = effects.now()
      const { address } = context
      const url = new URL(order.redirect_uri)
      const page = terminalQuestionModel(
        {
          identity,
          facts: { host, user, system, address },
          visitorAddress: address,
          askedAt: now.getTime(),
          endsAt: terminalEnd(approverOf(exchange).endsAt, now.getTime(), settings.terminals),
          port: url.port,
          action: '/authorize',
          fields: { ...order, host, user, system },
        },
        now,
      )
      if (url.hostname === '127.0.0.1') allowForms(response, url.origin)
      showPage(exchange, 'terminal-question', page, { title: 'Sign in the command line' })
    },

    async decide(exchange) {
      const { context, form, identity } = exchange
      const { host, user, system, ...order } = readAuthorization(form)
      const decision = form['decision']
      if (decision !== 'approve' && decision !== 'deny') {
        throw new InvalidRequest('Approve or refuse, nothing else.')
      }
      await limits.admitDecision(identity)
      const facts = { host, user, system, address: context.address }
      if (decision === 'deny') {
        await record.happened(exchange, 'terminal-denied', { id: undefined, identity, facts })
        leave(exchange, order, { error: 'access_denied' })
        return
      }
      const boundTo = { challenge: order.code_challenge, redirectUri: order.redirect_uri }
      const { code, terminal } = await terminalCodes.issueCode(approverOf(exchange), facts, boundTo)
      await record.happened(exchange, 'terminal-approved', { id: terminal, identity, facts })
      leave(exchange, order, { code })
    },

    placeOf,

    showStale(exchange) {
      seeOther(exchange.response, placeOf(exchange).path)
    },
  }
}

function placeOf({ request, query, form }: Exchange): ReturnPlace {
  return { path: authorizationPath(request.method === 'POST' ? form : query), form: undefined }
}
