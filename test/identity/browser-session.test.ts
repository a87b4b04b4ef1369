import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  proofEnd,
  readBrowserSession,
  sessionEnd,
  touchDue,
  writeBrowserSession,
} from '../../src/identity/browser-session.ts'
import { identityOf } from '../support/broker-fakes.ts'

const life = { idleSeconds: 1800, absoluteSeconds: 28_800 }
const identity = identityOf('bob')
const csrfToken = 'a'.repeat(64)

test('ends when it was idle too long, and at the latest when its whole life is over', () => {
  expect(sessionEnd(0, 0, life, { identity })).toBe(1_800_000)
  expect(sessionEnd(0, 28_000_000, life, { identity })).toBe(28_800_000)
})

test('ends with what proved it, whichever of it ends first', () => {
  const nameId = {
    value: 'bob',
    format: undefined,
    nameQualifier: undefined,
    spNameQualifier: undefined,
  }
  const certified = { ...identity, endsAt: 2_000 }
  const saml = { nameId, sessionIndex: undefined, endsAt: 3_000 }
  expect(sessionEnd(0, 0, life, { identity: certified })).toBe(2_000)
  expect(sessionEnd(0, 0, life, { identity, saml })).toBe(3_000)
  expect(sessionEnd(0, 0, life, { identity: certified, saml })).toBe(2_000)
  expect(proofEnd({ identity })).toBeUndefined()
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
  const identity = { ...identityOf('bob', ['readers', 'Ünïcode ✓']), endsAt: 2_000 }
  const session = { identity, csrfToken }
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
