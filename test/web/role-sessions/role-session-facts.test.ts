import { describe, expect, test } from 'vitest'
import { AwsUnavailable } from '../../../src/errors.ts'
import {
  factsOf,
  readFacts,
  withConsole,
} from '../../../src/web/role-sessions/role-session-facts.ts'
import { consoleUrl, secretAccessKey, sessionOf } from '../pages/page-facts.ts'

describe('the facts of a role session', () => {
  test.for([
    ['a console', sessionOf()],
    ['none', sessionOf({ console: undefined, region: undefined })],
    ['one that failed', sessionOf({ console: new AwsUnavailable('AWS did not answer.') })],
  ] as const)('come back as they were stored: with %s', ([, session]) => {
    const facts = factsOf(session, 'request-1')
    expect(readFacts(JSON.stringify(facts))).toEqual(facts)
  })

  test('hold no secret, and no sign-in URL', () => {
    const stored = JSON.stringify(factsOf(sessionOf(), 'request-1'))
    expect(stored).not.toContain(secretAccessKey)
    expect(stored).not.toContain(sessionOf().credentials.sessionToken)
    expect(stored).not.toContain('SigninToken')
    expect(stored).not.toContain(consoleUrl)
  })

  test('take over what came of a new link', () => {
    const facts = factsOf(sessionOf({ console: undefined }), 'request-1')
    const link = sessionOf().console
    if (!link) throw new Error('no console')
    expect(withConsole(facts, link).console).toMatchObject({ kind: 'link', seconds: 43_200 })
    expect(facts.console).toEqual({ kind: 'none' })
  })

  test.for(['', 'null', '[]', '{}', '{"id":1}', '{"__proto__":{}}'])(
    'are none when another version wrote them: %s',
    (stored) => {
      expect(readFacts(stored)).toBeUndefined()
    },
  )
})
