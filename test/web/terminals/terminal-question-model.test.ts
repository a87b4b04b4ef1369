import { expect, test } from 'vitest'
import { terminalQuestionModel } from '../../../src/web/terminals/terminal-question-model.ts'
import { identityOf } from '../../support/broker-fakes.ts'

test.each([
  ['198.51.100.7', '198.51.100.7', 'here'],
  ['198.51.100.7', '198.51.100.8', 'elsewhere'],
  // Browsers change the lower half of their IPv6 address by themselves.
  ['2001:db8:1:2:aaaa::1', '2001:db8:1:2:bbbb::2', 'here'],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', 'elsewhere'],
  ['2001:db8:1:2::1', '198.51.100.7', 'untold'],
  ['::1', '127.0.0.1', 'here'],
])('a browser at %s and a terminal at %s: %s', (visitorAddress, address, from) => {
  const now = new Date('2026-11-20T09:00:00Z')
  const page = terminalQuestionModel(
    {
      identity: identityOf('bob'),
      facts: { host: 'vm', user: 'bob', system: 'linux', address },
      visitorAddress,
      askedAt: now.getTime(),
      endsAt: now.getTime() + 60_000,
      action: '/device',
      fields: {},
    },
    now,
  )
  expect(page.from).toBe(from)
})
