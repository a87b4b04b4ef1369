import { expect, test } from 'vitest'
import { type Answer, tokenIn } from '../../support/browser.ts'
import { bearer, refresh, signedInTerminal, statusWith } from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

const terminal = { host: 'laptop', user: 'bob', system: 'Linux' }

function idsIn(page: Answer): readonly string[] {
  return [...page.text.matchAll(/name="terminal" value="([^"]*)"/g)].map(([, id]) => id ?? '')
}

test('lists what acts for one, and ends the one that is chosen, at once', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  expect((await browser.get('/terminals')).text).toContain('No command line is signed in as you')
  expect((await browser.get('/')).text).toContain('href="/terminals"')
  const first = await signedInTerminal(web, { terminal })
  const second = await signedInTerminal(web)
  web.pass(600)
  await bearer(web, first.access_token).get('/api/v1/me')
  const page = await browser.get('/terminals')
  for (const shown of [
    '2 sign-ins',
    'bob on laptop',
    'a computer that gave no name',
    '127.0.0.1',
    'Linux',
    '09:00 UTC',
    '21:00 UTC',
    'just now',
    '10 min ago',
  ]) {
    expect(page.text).toContain(shown)
  }
  const chosen = idsIn(page).at(-1) ?? ''
  const ended = await browser.submit('/terminals', '/terminals', { terminal: chosen })
  expect([ended.status, ended.location]).toEqual([303, '/terminals'])
  expect(await statusWith(web, first.access_token)).toBe(401)
  expect((await refresh(web, first.refresh_token)).status).toBe(400)
  expect(await statusWith(web, second.access_token)).toBe(200)
  const told = { type: 'terminal-signed-out', terminal: chosen, name: 'bob' }
  expect(web.trail.events).toContainEqual(expect.objectContaining(told))
})

test('shows and ends nobody else’s', async () => {
  const web = await startWeb()
  const bob = await web.signedIn('bob')
  const alice = await web.signedIn('alice')
  const held = await signedInTerminal(web, { terminal })
  expect(idsIn(await alice.get('/terminals'))).toEqual([])
  const id = idsIn(await bob.get('/terminals'))[0] ?? ''
  const token = tokenIn((await alice.get('/terminals')).text)
  for (const tried of [id, '', 'x']) {
    expect((await alice.post('/terminals', { _csrf: token, terminal: tried })).status).toBe(404)
  }
  expect((await bob.post('/terminals', { terminal: id })).status).toBe(403)
  expect(await statusWith(web, held.access_token)).toBe(200)
})

test('signing out of the browser ends no command line', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const held = await signedInTerminal(web)
  await browser.submit('/', '/sign-out', {})
  expect(await statusWith(web, held.access_token)).toBe(200)
})
