import { setTimeout as delay } from 'node:timers/promises'
import { hash } from '@node-rs/argon2'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  base,
  bytesOfSid,
  windowsDomain,
  windowsGroup,
  windowsPerson,
} from '../identity/directory/fake-entries.ts'
import { ca, fakeLdapServer, type FakeLdapOptions } from '../identity/directory/fake-ldap-server.ts'
import { windowsMessage } from '../identity/directory/ldap-wire.ts'
import type { Answer, Browser } from '../support/browser.ts'
import { type ServedConfig, serveConfig } from '../support/served-config.ts'

let localHash = ''
beforeAll(async () => {
  localHash = await hash('localpassword', { memoryCost: 7168, timeCost: 1, parallelism: 1 })
})

const guid = (n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`
const groups = [
  windowsGroup('AWS-111111111111-ReadOnly', '1110'),
  windowsGroup('AWS-111111111111-Not\\, Ours', '1111'),
  windowsGroup('Domain Users', '513'),
]
const alice = windowsPerson(
  'alice',
  { tokenGroups: ['513', '1110', '1111'].map(bytesOfSid) },
  guid(1),
)
const entries = [
  alice,
  windowsPerson('dora', { userAccountControl: ['514'] }, guid(2)),
  windowsPerson('leo', { 'msDS-User-Account-Control-Computed': ['16'] }, guid(3)),
  windowsPerson('erin', { accountExpires: ['1'] }, guid(4)),
  windowsPerson('petra', { 'msDS-User-Account-Control-Computed': ['8388608'] }, guid(5)),
  windowsPerson('nora', { tokenGroups: [] }, guid(6)),
  windowsPerson('twin', {}, guid(7)),
  { ...windowsPerson('twin', {}, guid(8)), dn: `CN=twin,OU=Other,${base}` },
  ...groups,
  ...windowsDomain(),
]

/** Refusals are told at half seconds; nobody needs to wait for that here. */
async function briefly(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds / 100, undefined, { ref: false, ...(signal && { signal }) })
}

/** A directory and a local form side by side. */
function startCompany(urls: readonly string[]): Promise<ServedConfig> {
  const windows = {
    id: 'ad',
    type: 'active-directory',
    people: 'corp',
    urls,
    ca: ca.certificatePem,
    baseDn: base,
    realm: 'corp.example',
    netbiosDomain: 'CORP',
    bind: {
      as: 'service-account',
      name: 'svc@corp.example',
      password: '${file:directory-password}',
    },
    timeouts: { connect: 1, answer: 1 },
  }
  const local = {
    id: 'local',
    type: 'local',
    people: 'staff',
    users: [{ name: 'alice', passwordHash: localHash, groups: ['readers'] }],
  }
  const byGroup = {
    people: 'corp',
    groupPattern: `^CN=AWS-(?<account>\\d{12})-(?<role>[\\w+=.@-]{1,64}),OU=Groups,${base}$`,
    role: 'arn:aws:iam::${account}:role/${role}',
  }
  const localRole = 'arn:aws:iam::222222222222:role/Local'
  return serveConfig(
    {
      accounts: { '111111111111': { name: 'Production' }, '222222222222': { name: 'Development' } },
      roles: [{ arn: localRole }],
      signIn: [windows, local],
      grants: [byGroup, { people: 'staff', user: 'alice', roles: [localRole] }],
    },
    { 'directory-password': 'service\n' },
    { sleep: briefly },
  )
}

async function company(options: FakeLdapOptions = {}) {
  const directory = await fakeLdapServer({ entries, ...options })
  return { directory, ...(await startCompany([directory.url])) }
}

const signIn = (browser: Browser, username: string, password: string, method = 'ad') =>
  browser.submit('/sign-in', `/sign-in/${method}`, { username, password })

/** What an answer says, without what is different on every page. */
function said({ status, headers, text }: Answer, username: string): unknown {
  const plain = text
    .replace(/name="_csrf" value="[^"]*"/g, '')
    .replace(/<code>[^<]*<\/code>/g, '')
    .replaceAll(`value="${username}"`, 'value=""')
  return { status, names: Object.keys(headers).sort(), plain }
}

describe('a sign-in with the company’s directory', () => {
  test('gives the roles of the groups whose names fit, and no others', async () => {
    const { browser, trail } = await company()
    const visitor = browser()
    const answer = await signIn(visitor, 'CORP\\ALICE', 'right')
    expect([answer.status, answer.location]).toEqual([303, '/'])
    const { text } = await visitor.get('/')
    expect(text).toContain('ReadOnly')
    expect(text).not.toContain('Ours')
    expect(trail.find(({ type }) => type === 'signed-in')).toMatchObject({
      people: 'corp',
      personId: guid(1),
      name: 'alice',
      method: 'ad',
      groups: groups.map(({ dn }) => dn),
    })
  })

  test('stands beside the local form, and the same name is somebody else there', async () => {
    const { browser } = await company()
    const page = (await browser().get('/sign-in')).text
    expect(page).toContain('action="/sign-in/ad"')
    expect(page).toContain('action="/sign-in/local"')
    const [windows, local] = [browser(), browser()]
    expect((await signIn(windows, 'alice', 'right')).status).toBe(303)
    expect((await signIn(local, 'alice', 'localpassword', 'local')).status).toBe(303)
    const [windowsRoles, localRoles] = [await windows.get('/'), await local.get('/')]
    expect(windowsRoles.text).toContain('role/ReadOnly')
    expect(windowsRoles.text).not.toContain('role/Local')
    expect(localRoles.text).toContain('role/Local')
    expect(localRoles.text).not.toContain('role/ReadOnly')
    expect((await signIn(browser(), 'alice', 'right', 'local')).status).toBe(401)
    expect((await signIn(browser(), 'alice', 'localpassword', 'ad')).status).toBe(401)
  })
})

describe('a refused sign-in with the company’s directory', () => {
  const refusals = [
    ['alice', 'wrong', 'directory_password', 'alice'],
    ['nobody', 'wrong', 'directory_no_such_person', undefined],
    ['alice', ' ', 'directory_input', undefined],
    ['OTHER\\alice', 'right', 'directory_name_form', undefined],
    ['twin', 'right', 'directory_ambiguous', undefined],
    ['dora', 'right', 'directory_disabled', 'dora'],
    ['leo', 'right', 'directory_locked', 'leo'],
    ['erin', 'right', 'directory_expired', 'erin'],
    ['petra', 'right', 'directory_password_expired', 'petra'],
    ['nora', 'right', 'directory_groups', 'nora'],
    ['*', 'right', 'directory_no_such_person', undefined],
    ['alice)(objectClass=*', 'right', 'directory_no_such_person', undefined],
  ] as const

  test('gets one answer for every reason, and the trail alone knows which', async () => {
    const { browser, trail } = await company()
    const answers: unknown[] = []
    for (const [username, password] of refusals) {
      answers.push(said(await signIn(browser(), username, password), username))
    }
    const [first] = answers
    expect(first).toMatchObject({ status: 401 })
    expect(JSON.stringify(first)).not.toMatch(/directory_|objectClass|corp\.example/)
    for (const [index, answer] of answers.entries()) {
      expect(answer, refusals[index]?.join(' ')).toEqual(first)
    }
    const refused = trail.filter(({ type }) => type === 'sign-in-refused')
    expect(refused.map(({ code, name }) => [code, name])).toEqual(
      refusals.map(([, , code, name]) => [code, name]),
    )
  })

  test('keeps the sub-code that Active Directory gives only with the right password', async () => {
    const { browser, trail } = await company({
      bind: (name) =>
        name.startsWith('CN=dora') ? { code: 49, message: windowsMessage('533') } : undefined,
    })
    const wrong = said(await signIn(browser(), 'alice', 'wrong'), 'alice')
    const disabled = await signIn(browser(), 'dora', 'right')
    expect(said(disabled, 'dora')).toEqual(wrong)
    expect(disabled.text).not.toMatch(/\b533\b|disabled_|DSID/)
    const line = trail.at(-1)
    expect(line).toMatchObject({ code: 'directory_disabled', name: 'dora', people: 'corp' })
    expect(line?.detail).toContain('data 533')
  })

  test('never puts what was typed into the trail', async () => {
    const { browser, trail } = await company()
    await signIn(browser(), 'Hunter2-in-the-wrong-field', 'Another-Secret')
    await signIn(browser(), 'corp\\Alice', 'Another-Secret')
    expect(JSON.stringify(trail)).not.toMatch(/Hunter2|Another-Secret|corp\\\\Alice/)
  })

  test('counts against the account, whichever name is typed for it', async () => {
    const { browser, trail, directory } = await company()
    for (const name of ['alice', 'CORP\\alice', 'alice@corp.example', 'ALICE ']) {
      expect((await signIn(browser(), name, 'wrong')).status).toBe(401)
    }
    expect((await signIn(browser(), 'corp.example\\alice', 'right')).status).toBe(401)
    expect(trail.at(-1)).toMatchObject({ code: 'directory_throttled', name: 'alice' })
    expect(directory.binds.filter(({ name }) => name === alice.dn)).toHaveLength(4)
  })
})

describe('without the directory', () => {
  test('a sign-in is told so with 503, and the local form goes on', async () => {
    const { browser, trail } = await startCompany(['ldaps://localhost:9'])
    const visitor = browser()
    const answer = await signIn(visitor, 'alice', 'right')
    expect(answer.status).toBe(503)
    expect(answer.text).toContain('Postern can’t ask your company’s directory at this moment.')
    expect(answer.text).not.toMatch(/ldaps|ECONNREFUSED|localhost/)
    expect((await visitor.get('/')).status).toBe(303)
    expect(trail.filter(({ type }) => type === 'signed-in')).toEqual([])
    expect((await signIn(browser(), 'alice', 'localpassword', 'local')).status).toBe(303)
  })

  test('the next controller is asked', async () => {
    const { url } = await fakeLdapServer({ entries })
    const { browser } = await startCompany(['ldaps://localhost:9', url])
    expect((await signIn(browser(), 'alice', 'right')).status).toBe(303)
  })
})
