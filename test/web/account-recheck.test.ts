import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readOnly } from '../config/configuration.ts'
import {
  base,
  bytesOfSid,
  type FakeEntry,
  windowsDomain,
  windowsPerson,
} from '../identity/directory/fake-entries.ts'
import { ca, fakeLdapServer } from '../identity/directory/fake-ldap-server.ts'
import type { Answer } from '../support/browser.ts'
import { serveConfig } from '../support/served-config.ts'
import { StillClock } from '../support/still-clock.ts'

const readers = 'S-1-5-21-1-2-3-1110'
const quarterOfAnHour = 15 * 60

let clock: StillClock
beforeEach(() => {
  clock = new StillClock(new Date('2026-11-20T10:00:00Z'))
})
afterEach(() => {
  clock[Symbol.dispose]()
})

/** Alice, signed in, and everything that may happen to her account. */
async function alice(method: object = {}) {
  const entries = [windowsPerson('alice'), ...windowsDomain()]
  let down = false
  const directory = await fakeLdapServer({ entries, bind: () => (down ? 'hang-up' : undefined) })
  const windows = {
    id: 'ad',
    type: 'active-directory',
    people: 'corp',
    urls: [directory.url],
    ca: ca.certificatePem,
    baseDn: base,
    realm: 'corp.example',
    bind: { as: 'service-account', name: 'svc@corp.example', password: '${file:password}' },
    groups: { as: 'sid' },
    ...method,
  }
  const grants = [{ people: 'corp', group: readers, roles: [readOnly] }]
  const served = await serveConfig({ signIn: [windows], grants }, { password: 'service\n' })
  const visitor = served.browser()
  const signIn = async (page: string): Promise<void> => {
    const typed = { username: 'alice', password: 'right' }
    expect((await visitor.submit(page, '/sign-in/ad', typed)).status).toBe(303)
  }
  await signIn('/sign-in')
  return {
    visitor,
    signIn,
    trail: served.trail,
    ask: (): Promise<Answer> => visitor.askFor(readOnly, true),
    change: (attributes: FakeEntry['attributes']): void => {
      entries[0] = windowsPerson('alice', attributes)
    },
    takeDown: (): void => {
      down = true
    },
  }
}

describe('a role session that is asked for a quarter of an hour after the sign-in', () => {
  test('is refused, and the refusal recorded, where the account was disabled meanwhile', async () => {
    const { ask, change, trail } = await alice()
    change({ userAccountControl: ['514'] })
    clock.pass(quarterOfAnHour + 1)
    const { status, text } = await ask()
    expect(status).toBe(403)
    expect(text).toContain('Your account can’t be used now')
    expect(text).toContain('Your account has been disabled.')
    expect(trail.at(-1)).toMatchObject({
      type: 'role-session-refused',
      name: 'alice',
      code: 'access_denied',
      detail: 'directory_disabled: The account is disabled.',
    })
  })

  test('goes by the groups of now', async () => {
    const { ask, change } = await alice()
    change({ tokenGroups: [bytesOfSid('513')] })
    clock.pass(quarterOfAnHour + 1)
    const { status, text } = await ask()
    expect(status).toBe(403)
    expect(text).toContain('You have no such role.')
  })

  test('is not issued while the directory can’t be asked, and the page says so', async () => {
    const { ask, takeDown, trail } = await alice()
    takeDown()
    clock.pass(quarterOfAnHour + 1)
    const { status, text } = await ask()
    expect(status).toBe(503)
    expect(text).toContain('Your company’s directory doesn’t answer')
    expect(text).toContain('Postern can’t ask your company’s directory at this moment.')
    expect(text).not.toMatch(/ldaps|localhost/)
    expect(trail.at(-1)).toMatchObject({
      type: 'role-session-refused',
      code: 'temporarily_unavailable',
    })
  })

  test('needs a new sign-in where there is no service account, and the page leads to one', async () => {
    const { ask, change, signIn, visitor, trail } = await alice({ bind: { as: 'user' } })
    clock.pass(quarterOfAnHour + 1)
    const { status, text } = await ask()
    expect(status).toBe(401)
    expect(text).toContain('you typed it a while ago')
    expect(text).toContain('href="/sign-in?again=yes"')
    expect(trail.at(-1)).toMatchObject({ type: 'role-session-refused', code: 'login_required' })
    expect((await visitor.get('/sign-in')).location).toBe('/')
    change({ tokenGroups: [bytesOfSid('513')] })
    await signIn('/sign-in?again=yes')
    expect((await ask()).text).toContain('You have no such role.')
  })

  test('heeds a shorter or longer time where one is configured', async () => {
    const { ask, change, trail } = await alice({ recheck: '2m' })
    change({ userAccountControl: ['514'] })
    clock.pass(121)
    expect((await ask()).status).toBe(403)
    expect(trail.at(-1)).toMatchObject({ type: 'role-session-refused' })
  })
})
