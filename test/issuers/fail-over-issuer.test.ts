import { expect, test } from 'vitest'
import { AwsRefused, AwsUnavailable, TooManyRequests } from '../../src/errors.ts'
import { AwsThrottled } from '../../src/issuers/aws-throttled.ts'
import { failOverIssuer } from '../../src/issuers/fail-over-issuer.ts'
import type { Issued, IssueOrder } from '../../src/issuers/issuer.ts'
import { FakeIssuer } from '../support/broker-fakes.ts'
import { RecordingLogger } from '../support/recording-logger.ts'
import { orderOf } from './orders.ts'

/** Fails in the regions that it is told. */
class RegionalIssuer extends FakeIssuer {
  readonly failures = new Map<string | undefined, Error>()

  override issue(order: IssueOrder): Promise<Issued> {
    this.answer = this.failures.get(order.region) ?? {}
    return super.issue(order)
  }
}

function failingOver(second: string | undefined = 'eu-central-1') {
  const bare = new RegionalIssuer()
  const logger = new RecordingLogger()
  const issuer = failOverIssuer(bare, { secondRegion: () => second, logger })
  const regions = () => bare.orders.map(({ region }) => region)
  return { bare, issuer, logger, regions }
}

const order = orderOf({ region: 'eu-west-1' })
const fault = {
  operation: 'AssumeRole',
  status: 403,
  code: 'AccessDenied',
  message: 'no',
  requestId: undefined,
}
const refusal = new AwsRefused('refused', { causes: [], remedies: [] }, fault)

test('asks one region while it answers', async () => {
  const { issuer, regions } = failingOver()
  await issuer.issue(order)
  expect(regions()).toEqual(['eu-west-1'])
})

test.each<[string, AwsUnavailable]>([
  ['does not answer', new AwsUnavailable('no answer', { detail: 'ETIMEDOUT' })],
  ['throttles', new AwsThrottled('Throttling')],
])('asks the second region when the first %s, and says so in the log', async (_how, failure) => {
  const { bare, issuer, logger, regions } = failingOver()
  bare.failures.set('eu-west-1', failure)
  await expect(issuer.issue(order)).resolves.toMatchObject({ durationSeconds: 3600 })
  expect(regions()).toEqual(['eu-west-1', 'eu-central-1'])
  expect(logger.text()).toContain('eu-central-1')
})

test.each([
  ['AWS refuses', refusal],
  ['too many wait', new TooManyRequests('full', 1)],
  ['something is broken here', new TypeError('a defect')],
])('asks nobody else when %s', async (_when, failure) => {
  const { bare, issuer, regions } = failingOver()
  bare.failures.set('eu-west-1', failure)
  await expect(issuer.issue(order)).rejects.toBe(failure)
  expect(regions()).toEqual(['eu-west-1'])
})

test.each([
  ['does not answer either', new AwsUnavailable('second')],
  ['is not activated for the account', refusal],
])('tells the failure of the first when the second %s', async (_how, second) => {
  const { bare, issuer } = failingOver()
  const first = new AwsUnavailable('first')
  bare.failures.set('eu-west-1', first).set('eu-central-1', second)
  await expect(issuer.issue(order)).rejects.toBe(first)
})

test('gives up where there is no second region', async () => {
  const bare = new RegionalIssuer()
  const issuer = failOverIssuer(bare, {
    secondRegion: () => undefined,
    logger: new RecordingLogger(),
  })
  bare.failures.set('eu-west-1', new AwsUnavailable('first'))
  await expect(issuer.issue(order)).rejects.toThrow('first')
  expect(bare.orders).toHaveLength(1)
})
