import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  readBrowserSession,
  sessionEnd,
  touchDue,
  writeBrowserSession,
} from '../../src/identity/browser-session.ts'
import { identityOf } from '../support/broker-fakes.ts'

const life = { idleSeconds: 1800, absoluteSeconds: 28_800 }
const csrfToken = 'a'.repeat(64)

test('ends when it was idle too long, and at the latest when its whole life is over', () => {
  expect(sessionEnd(0, 0, life)).toBe(1_800_000)
  expect(sessionEnd(0, 28_000_000, life)).toBe(28_800_000)
})

test('is touched at most once a minute', () => {
  const stored = {
    idHash: 'h',
    data: '{}',
    person: 'p',
    logoutKey: undefined,
    createdAt: 0,
    lastSeenAt: 100_000,
    expiresAt: 900_000,
  }
  expect(touchDue(stored, 159_999)).toBe(false)
  expect(touchDue(stored, 160_000)).toBe(true)
})

test('comes back as it was written', () => {
  const session = { identity: identityOf('bob', ['readers', 'Ünïcode ✓']), csrfToken }
  expect(readBrowserSession(writeBrowserSession(session))).toEqual(session)
})

test('is nobody’s where the stored text is not wholly what it should be', () => {
  const good: unknown = JSON.parse(writeBrowserSession({ identity: identityOf('bob'), csrfToken }))
  expect(readBrowserSession(JSON.stringify(good))).toBeDefined()
  const broken = [
    '',
    'null',
    '[]',
    '{}',
    '{"identity":null}',
    JSON.stringify({ identity: identityOf('bob') }),
    JSON.stringify({ identity: { ...identityOf('bob'), groups: 'admins' }, csrfToken }),
    JSON.stringify({ identity: { ...identityOf('bob'), person: { id: 'bob' } }, csrfToken }),
    JSON.stringify({ identity: identityOf('bob'), csrfToken: 'short' }),
  ]
  for (const text of broken) expect(readBrowserSession(text), text).toBeUndefined()
})

test('never throws at what is read', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(readBrowserSession(text)).toBeUndefined()
    }),
  )
})
