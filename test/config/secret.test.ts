import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from '../../src/config/secret.ts'
import { base, load } from './configuration.ts'

test('a secret hides itself from every way to print it', () => {
  const secret = new Secret('hunter2')
  const printed = [
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: { secret } }, { depth: 9, showHidden: true, customInspect: false }),
    inspect(secret, { showHidden: true, customInspect: false }),
    String(secret),
    secret.toString(),
    Object.values(secret).join(),
    JSON.stringify(Object.assign({}, secret)),
    Object.getOwnPropertyNames(secret).join(),
  ]
  expect(printed.join()).not.toContain('hunter2')
  expect(JSON.stringify(secret)).toBe('"[secret]"')
})

test('a secret gives itself to the one that asks', () => {
  expect(new Secret('hünter').reveal()).toBe('hünter')
  expect(Buffer.from(new Secret('hünter').bytes()).toString()).toBe('hünter')
})

test('a whole configuration prints without its secrets', () => {
  const config = load(base, { env: { HTTPS_PROXY: 'http://u:hunter2@proxy.corp.example' } })
  const printed = [JSON.stringify(config), inspect(config, { depth: 20, customInspect: false })]
  expect(printed.join()).not.toMatch(/hunter2|audit-key-audit|argon2id/)
  expect(config.network.httpsProxy?.reveal()).toContain('hunter2')
})
