import { describe, expect, test } from 'vitest'
import { authorization, type Fields } from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

describe('the address to lead back to', () => {
  test.each([
    'https://evil.example/callback',
    'http://evil.example:49152/callback',
    'http://localhost:49152/callback',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:0/callback',
    'http://127.0.0.1:80/callback',
    'http://127.0.0.1:99999/callback',
    'http://127.0.0.1:049152/callback',
    'http://127.0.0.1:49152',
    'http://127.0.0.1:49152@evil.example/callback',
    'http://evil.example@127.0.0.1:49152/callback',
    'http://127.0.0.1:49152/callback#fragment',
    'http://127.0.0.1:49152/callback?next=https://evil.example',
    'http://127.0.0.1:49152/a/../b',
    'http://127.0.0.1:49152\\@evil.example/callback',
    'http://127.0.0.1:49152.evil.example/callback',
    'http://127.1:49152/callback',
    'http://2130706433:49152/callback',
    'http://0x7f.0.0.1:49152/callback',
    'http://0.0.0.0:49152/callback',
    'http://127.0.0.2:49152/callback',
    'http://[::ffff:127.0.0.1]:49152/callback',
    'http://[0:0:0:0:0:0:0:1]:49152/callback',
    'https://127.0.0.1:49152/callback',
    'HTTP://127.0.0.1:49152/callback',
    ' http://127.0.0.1:49152/callback',
    'http://127.0.0.1:49152/callback\r\nX: y',
    'javascript:alert(1)',
    '//127.0.0.1:49152/callback',
    '',
  ])('%j is refused, and nothing leads there', async (address) => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const good = authorization()
    const bad = authorization({ redirect_uri: address })
    const asked = await browser.get(bad.path)
    expect([asked.status, asked.location]).toEqual([400, undefined])
    const approve = { ...bad.fields, decision: 'approve' }
    const posted = await browser.submit(good.path, '/authorize', approve)
    expect([posted.status, posted.location]).toEqual([400, undefined])
    expect(web.trail.log).not.toContain('terminal-approved')
  })
})

test.each<[string, Fields]>([
  ['another kind of answer', { response_type: 'token' }],
  ['another client', { client_id: 'evil' }],
  ['a plain challenge', { code_challenge_method: 'plain' }],
  ['no challenge', { code_challenge: '' }],
  ['a short challenge', { code_challenge: 'abc' }],
  ['a guessable state', { state: '1' }],
  ['a state that breaks a header', { state: `${'a'.repeat(30)}\r\n` }],
  ['a host over two lines', { host: 'laptop\nis fine' }],
  ['a long host', { host: 'x'.repeat(300) }],
])('refuses %s, without leading anywhere', async (_what, changes) => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const { path, fields } = authorization(changes)
  const asked = await browser.get(path)
  expect([asked.status, asked.location]).toEqual([400, undefined])
  const approve = { ...fields, decision: 'approve' }
  const posted = await browser.submit(authorization().path, '/authorize', approve)
  expect([posted.status, posted.location]).toEqual([400, undefined])
  expect(web.trail.log).toEqual(['signed-in'])
})

test('refuses a field that comes twice', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const answer = await browser.get(`${authorization().path}&redirect_uri=http://127.0.0.1:1/x`)
  expect(answer.status).toBe(400)
})
