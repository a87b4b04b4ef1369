import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readOnly } from '../config/configuration.ts'
import { serveConfig, type ServedConfig } from '../support/served-config.ts'
import { StillClock } from '../support/still-clock.ts'
import { domain, requireSamba, type SambaDirectory, startSamba } from './samba/samba-directory.ts'

const run = promisify(execFile)
const runs = requireSamba()
const { password } = domain
let samba: SambaDirectory

beforeAll(async () => {
  if (runs) samba = await startSamba()
}, 240_000)

afterAll(async () => {
  if (runs) await samba[Symbol.asyncDispose]()
}, 60_000)

/** The broker by its configuration, with the role of a group that alice is in by way of two others. */
function broker(urls: readonly string[], startTls: boolean): Promise<ServedConfig> {
  const method = {
    id: 'ad',
    type: 'active-directory',
    people: 'staff',
    urls,
    startTls,
    ca: samba.ca,
    baseDn: domain.people,
    realm: 'corp.example.test',
    netbiosDomain: domain.netbios,
    bind: {
      as: 'service-account',
      name: 'svc-postern@corp.example.test',
      password: '${file:directory-password}',
    },
  }
  const grant = {
    people: 'staff',
    group: `CN=aws-admins,OU=Groups,${domain.dn}`,
    roles: [readOnly],
  }
  return serveConfig({ signIn: [method], grants: [grant] }, { 'directory-password': password })
}

test.runIf(runs).each([
  ['LDAPS', ['ldaps://localhost'], false],
  ['StartTLS, the first controller being down', ['ldap://localhost:9', 'ldap://localhost'], true],
] as const)(
  'nested groups of Active Directory give roles over %s',
  async (_how, urls, startTls) => {
    const { browser, trail } = await broker(urls, startTls)
    const visitor = browser()
    const username = 'CORP\\alice'
    const answer = await visitor.submit('/sign-in', '/sign-in/ad', { username, password })
    expect(answer.status).toBe(303)
    expect((await visitor.get('/')).text).toContain('ReadOnly')
    expect(trail).toMatchObject([{ type: 'signed-in', people: 'staff', name: 'alice' }])
  },
)

test.runIf(runs)('a disabled account gets the answer of a wrong password', async () => {
  const { browser, trail } = await broker(['ldaps://localhost'], false)
  const attempts = [
    ['disabled', password],
    ['bob', 'wrong'],
  ] as const
  const answers = []
  for (const [username, typed] of attempts) {
    const fields = { username, password: typed }
    const { status, text } = await browser().submit('/sign-in', '/sign-in/ad', fields)
    answers.push([status, text.includes('match.')])
    expect(text).not.toMatch(/533|directory_/)
  }
  expect(answers).toEqual([
    [401, true],
    [401, true],
  ])
  expect(trail).toMatchObject([
    { type: 'sign-in-refused', code: 'directory_disabled', name: 'disabled' },
    { type: 'sign-in-refused', code: 'directory_password', name: 'bob' },
  ])
  expect(trail[0]?.detail).toContain('data 533')
})

test.runIf(runs)(
  'an account counts as it is now, a quarter of an hour after the sign-in',
  async () => {
    using clock = new StillClock(new Date())
    const { browser, trail } = await broker(['ldaps://localhost'], false)
    const visitor = browser()
    await visitor.submit('/sign-in', '/sign-in/ad', { username: 'alice', password })
    const tool = (...words: readonly string[]) =>
      run('samba-tool', [...words, `--configfile=${join(samba.folder, 'etc', 'smb.conf')}`])
    const later = async (): Promise<string> => {
      clock.pass(15 * 60 + 1)
      const { status, text } = await visitor.askFor(readOnly, true)
      expect(status).toBe(403)
      return text
    }
    await tool('group', 'removemembers', 'team-b', 'team-a')
    expect(await later()).toContain('You have no such role.')
    await tool('user', 'disable', 'alice')
    expect(await later()).toContain('Your account has been disabled.')
    expect(trail.at(-1)).toMatchObject({
      type: 'role-session-refused',
      detail: 'directory_disabled: The account is disabled.',
    })
  },
)
