import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LookServer, startLookServer } from './look-server.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const drawn = [...read('views/parts/icons.ejs').matchAll(/<symbol id="i-(\w+)"/g)].map(
  ([, name = '']) => name,
)

describe('icons', () => {
  let server: LookServer
  beforeAll(async () => {
    server = await startLookServer()
  })
  afterAll(() => server.close())

  test('are drawn for every name that a view or a script writes out', () => {
    const sources = [
      ...readdirSync(join(root, 'views'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ejs'))
        .map((name) => `views/${name}`),
      'public/copy.js',
    ]
    for (const source of sources) {
      const used = [...read(source).matchAll(/#i-(\w+)/g)].map(([, name]) => name)
      for (const name of used) expect(drawn, source).toContain(name)
    }
  })

  test.for([
    ['Corporate SSO', 'building'],
    ['This Windows computer', 'computer'],
    ['Smart card', 'card'],
    ['Windows password', 'person'],
  ] as const)('tell ways to sign in apart: %s has the %s', async ([label, icon]) => {
    const page = await (await fetch(`${server.url}/look/sign-in`)).text()
    const before = page.slice(0, page.indexOf(`<span>${label}</span>`))
    expect(/#i-(\w+)"><\/use><\/svg>$/.exec(before)?.[1]).toBe(icon)
    expect(drawn).toContain(icon)
  })

  test.for([
    ['sign-in-error', 'stop'],
    ['sign-in-limited', 'clock'],
    ['sign-in-expired', 'clock'],
    ['signed-out', 'check'],
    ['signed-out-here', 'info'],
  ] as const)('say what a notice is about: %s has the %s', async ([state, icon]) => {
    const page = await (await fetch(`${server.url}/look/${state}`)).text()
    const notice = page.slice(page.indexOf('id="notice"'))
    expect(/#i-(\w+)"/.exec(notice)?.[1]).toBe(icon)
    expect(drawn).toContain(icon)
  })
})
