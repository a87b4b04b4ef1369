import { describe, expect, test } from 'vitest'
import { isOwnPage } from '../../src/web/own-pages.ts'
import type { Route } from '../../src/web/routes.ts'
import { startWeb } from '../support/web-app.ts'

const nothing = () => undefined
const table: readonly Route[] = [
  { method: 'get', path: '/', access: 'signed-in', handle: nothing },
  { method: 'get', path: '/console', access: 'signed-in', handle: nothing },
  { method: 'get', path: '/role-sessions/:id', access: 'signed-in', handle: nothing },
  { method: 'get', path: '/sign-in', access: 'public', handle: nothing },
]

describe('a place to return to', () => {
  test.each(['/', '/?account=1', '/console?destination=https%3A%2F%2Fx', '/role-sessions/abc'])(
    'may be %s',
    (path) => {
      expect(isOwnPage(table, path)).toBe(true)
    },
  )

  test.each([
    '',
    'console',
    '//evil.example',
    '//evil.example/console',
    '/\\evil.example',
    '\\\\evil.example',
    '/console\\..',
    'https://evil.example/console',
    'javascript:alert(1)',
    '/\tevil',
    '/console\r\nSet-Cookie: a=b',
    '/ console',
    '/sign-in',
    '/sign-out',
    '/console/../sign-in',
    '/console/',
    '/role-sessions/',
    '/role-sessions/a/b',
    '/cönsole',
    '/.//evil.example',
  ])('is never %j', (path) => {
    expect(isOwnPage(table, path)).toBe(false)
  })
})

test('no parameter of any page leads away from Postern', async () => {
  const web = await startWeb()
  const evil = encodeURIComponent('https://evil.example/')
  const names = [
    'continue',
    'return',
    'returnTo',
    'next',
    'url',
    'redirect',
    'destination',
    'role',
    'account',
    'ended',
    'signed-out',
  ]
  const places: string[] = []
  for (const browser of [web.browser(), await web.signedIn()]) {
    for (const path of ['/sign-in', '/', '/role', '/console', '/role-sessions/x']) {
      for (const name of names) {
        for (const value of [evil, '%2F%2Fevil.example', '%5C%5Cevil.example']) {
          const { location, text } = await browser.get(`${path}?${name}=${value}`)
          if (location !== undefined) places.push(location)
          expect(text).not.toMatch(/(?:href|action)="(?:https?:)?[/\\]{2}evil/)
        }
      }
    }
  }
  expect(places).not.toEqual([])
  expect(places.filter((place) => !/^\/(?![/\\])/.test(place))).toEqual([])
})

test('a sign-in leads home where it is told to go elsewhere', async () => {
  const web = await startWeb()
  for (const place of ['//evil', '3', '15', '99999999', '-1']) {
    const answer = await web.browser().submit('/sign-in', '/sign-in/local', {
      username: 'bob',
      password: 'bobpassword',
      continue: place,
    })
    expect(answer.location, place).toBe('/')
  }
})
