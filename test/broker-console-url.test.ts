import { describe, expect, test } from 'vitest'
import { AccessDenied, AwsUnavailable, BrokerError } from '../src/errors.ts'
import { bob, context, door, order } from './broker-door.ts'
import { identityOf } from './support/broker-fakes.ts'

describe('a new sign-in URL', () => {
  test('is decided and recorded anew, before and after AWS is asked', async () => {
    const { broker, log } = door()
    await broker.consoleUrl(bob, order, context)
    expect(log).toEqual(['console-url-requested', 'AWS: getSigninToken', 'console-url-issued'])
  })

  test('is refused once the grant is gone', async () => {
    const { broker, log } = door()
    await expect(broker.consoleUrl(identityOf('bob', []), order, context)).rejects.toThrow(
      AccessDenied,
    )
    expect(log).toEqual(['role-session-refused'])
  })

  test('rejects with what AWS said', async () => {
    const { broker, consoleSignIn } = door()
    consoleSignIn.failure = new AwsUnavailable('The federation endpoint did not answer.')
    await expect(broker.consoleUrl(bob, order, context)).rejects.toThrow(BrokerError)
  })
})
