import { describe, expect, test } from 'vitest'
import { rolesModel } from '../../../src/web/pages/roles-model.ts'
import { chained, later, now, offerOf, readOnly } from './page-facts.ts'

const development = { id: '222222222222', name: 'Development', tone: 'calm' } as const
const offers = [
  offerOf(readOnly),
  offerOf('arn:aws:iam::111111111111:role/Admin'),
  offerOf('arn:aws:iam::222222222222:role/ReadOnly', { account: development }, chained),
]
const eight = Array.from({ length: 8 }, (_, index) =>
  offerOf(`arn:aws:iam::111111111111:role/Role${String(index)}`),
)
const recent = (role: string, issued: number, lasts = 3600) => ({
  id: `session ${String(issued)}`,
  role,
  issuedAt: later(issued).getTime(),
  expiresAt: later(issued + lasts).getTime(),
})

describe('the roles page', () => {
  test('groups roles by account, in the order of the configuration', () => {
    const page = rolesModel(offers, [], now)
    expect(page.totalText).toBe('3 roles in 2 accounts')
    expect(page.accounts.map(({ name, roles }) => [name, roles.map((role) => role.name)])).toEqual([
      ['Production', ['ReadOnly', 'Admin']],
      ['Development', ['ReadOnly']],
    ])
  })

  test('tells the times that one will get, not those one may ask for', () => {
    const [production, development] = rolesModel(offers, [], now).accounts
    expect(production?.roles[0]).toMatchObject({ credentialsText: '1 h', consoleText: '12 h' })
    expect(development?.roles[0]).toMatchObject({ credentialsText: '1 h', consoleText: '1 h' })
  })

  test('leads back to a role session that lives, and only says of others when', () => {
    const lives = recent(readOnly, -900)
    const ended = recent('arn:aws:iam::111111111111:role/Admin', -7200)
    const production = rolesModel(offers, [lives, ended], now).accounts[0]
    expect(production?.roles).toMatchObject([
      {
        name: 'ReadOnly',
        live: { href: '/role-sessions/session%20-900', until: { text: '09:59 UTC' } },
      },
      { name: 'Admin', live: undefined, lastUsedText: '2 h ago' },
    ])
  })

  test('takes the latest of several sessions of a role', () => {
    const page = rolesModel(offers, [recent(readOnly, -60), recent(readOnly, -900)], now)
    expect(page.accounts[0]?.roles[0]?.live?.href).toBe('/role-sessions/session%20-60')
  })

  test('shows the role that the address names above all others', () => {
    const page = rolesModel(offers, [], now, { account: '222222222222', role: 'ReadOnly' })
    expect(page.selected).toMatchObject({ account: { name: 'Development' } })
    expect(page.accounts.flatMap(({ roles }) => roles.map((role) => role.selected))).toEqual([
      false,
      false,
      true,
    ])
  })

  test('selects nothing for a role that is not granted', () => {
    const page = rolesModel(offers, [], now, { account: '333333333333', role: 'ReadOnly' })
    expect(page.selected).toBeUndefined()
  })

  test('has a shelf of recents and a box to find once there are many', () => {
    const used = ['Role3', 'Gone', 'Role5'].map((name, at) =>
      recent(`arn:aws:iam::111111111111:role/${name}`, -60 * (at + 1)),
    )
    const page = rolesModel(eight, used, now)
    expect(page.findable).toBe(true)
    expect(page.recents.map(({ role }) => role.name)).toEqual(['Role3', 'Role5'])
    expect(rolesModel(offers, [recent(readOnly, -60)], now)).toMatchObject({
      findable: false,
      recents: [],
    })
  })

  test('holds no more than five recents, none of them twice', () => {
    const used = eight.flatMap(({ entitlement }) => [recent(entitlement.role.arn.arn, -60)])
    expect(rolesModel(eight, [...used, ...used], now).recents).toHaveLength(5)
  })

  test('strips what would turn the text around a name', () => {
    const account = {
      id: '111111111111',
      name: 'dev\u202etnempoleved\u2066',
      tone: 'calm',
    } as const
    const page = rolesModel([offerOf(readOnly, { account })], [], now)
    expect(page.accounts[0]?.name).toBe('devtnempoleved')
  })
})
