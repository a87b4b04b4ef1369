import { type AuthorizationOrder, authorizationOrder } from '../../contract/orders.ts'
import { InvalidRequest } from '../../errors.ts'
import { isLoopbackRedirect } from '../../identity/terminals/loopback-redirect.ts'
import { checkedFields } from '../checked-fields.ts'
import type { Fields } from '../forms/fields.ts'

/**
 * What a command line asks at `/authorize`, from the query or from our own form. Fields that it may carry for others are
 * left alone (RFC 6749 §3.1). Throws InvalidRequest: what is malformed is told here and redirected nowhere.
 */
export function readAuthorization(fields: Fields): AuthorizationOrder {
  const order = checkedFields(authorizationOrder, withoutEmpty(fields), 'request')
  if (!isLoopbackRedirect(order.redirect_uri)) {
    throw new InvalidRequest(
      'Postern leads only to a program on this computer, at 127.0.0.1 or [::1]. Run `postern login` again.',
      { detail: 'redirect_uri' },
    )
  }
  return order
}

/** The address of the question, to come back to. */
export function authorizationPath(fields: Fields): string {
  const known = Object.keys(authorizationOrder.shape)
  const own = Object.entries(fields).filter(([name]) => known.includes(name))
  return `/authorize?${new URLSearchParams(own).toString()}`
}

function withoutEmpty(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
}
