import { expect, test } from 'vitest'
import { AwsUnavailable } from '../../src/errors.ts'
import { measuredConsoleSignIn, measuredIssuer } from '../../src/telemetry/measured-aws-calls.ts'
import { orderOf } from '../issuers/orders.ts'
import { FakeConsole, FakeIssuer } from '../support/broker-fakes.ts'

function clock(): () => Date {
  let time = Date.parse('2026-11-20T09:00:00Z')
  return () => new Date((time += 250))
}

test('tells how long a call took and that it went well', async () => {
  const told: unknown[] = []
  const issuer = measuredIssuer(new FakeIssuer(), (...call) => told.push(call), clock())
  const { assumedRoleArn } = await issuer.issue(orderOf())
  expect(assumedRoleArn).toContain('assumed-role/ReadOnly/bob')
  expect(told).toEqual([['issue hub', 'ok', 0.25]])
})

test('tells the code of a failure, and passes the failure on', async () => {
  const told: unknown[] = []
  const fake = new FakeConsole()
  fake.failure = new AwsUnavailable('The federation endpoint did not answer.')
  const consoleSignIn = measuredConsoleSignIn(fake, (...call) => told.push(call), clock())
  const opening = consoleSignIn.open({
    credentials: {
      accessKeyId: 'ASIA',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiration: new Date('2026-11-20T10:00:00Z'),
    },
    partition: 'aws',
    region: undefined,
    destination: 'https://console.aws.amazon.com/',
    sessionDurationSeconds: undefined,
    issuerUrl: 'https://aws.corp.example/',
  })
  await expect(opening).rejects.toBe(fake.failure)
  expect(told).toEqual([['getSigninToken', 'temporarily_unavailable', 0.25]])
})
