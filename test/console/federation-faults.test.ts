import { expect, test } from 'vitest'
import { federationFault } from '../../src/console/federation-faults.ts'

const target = { host: 'signin.aws.amazon.com', setting: 'aws.endpoints.federation' }

test.each(['<', '<style ', '<script', '\t<'])(
  'an error page of nothing but %j is read once, and not again from each place in it',
  (piece) => {
    const reply = { status: 400, text: piece.repeat(200_000), requestId: undefined }
    const start = performance.now()
    for (let page = 0; page < 20; page += 1) federationFault(reply, target, ['secret'])
    expect(performance.now() - start).toBeLessThan(2_000)
  },
)
