import { describe, expect, test } from 'vitest'
import { ntlmNegotiate, negotiate } from '../../identity/kerberos/tokens.ts'
import { roleOf, secretAccessKey } from '../../support/broker-fakes.ts'
import { ticketOf } from '../../support/kerberos/fake-kerberos.ts'
import { startKerberosWeb } from '../../support/kerberos/kerberos-web.ts'
import type { WebApp } from '../../support/web-app.ts'

const role = roleOf('arn:aws:iam::111111111111:role/ReadOnly').arn.arn

function ask(web: WebApp, authorization: string | readonly string[], more = {}) {
  return web.browser().send('POST', '/api/v1/role-sessions', {
    headers: { 'content-type': 'application/json', authorization, ...more },
    body: JSON.stringify({ role }),
  })
}

describe('a program with a ticket', () => {
  test('gets a role session as JSON in one request, with Postern’s own proof', async () => {
    const { web } = await startKerberosWeb()
    const answer = await ask(web, ticketOf('bob@CORP.EXAMPLE'))
    expect(answer.status).toBe(201)
    expect(answer.headers['www-authenticate']).toBe('Negotiate bXV0dWFs')
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(JSON.parse(answer.text)).toMatchObject({ role, credentials: { secretAccessKey } })
    expect(web.trail.events.map(({ type }) => type)).toEqual([
      'signed-in',
      'role-session-requested',
      'role-session-issued',
    ])
    expect(web.trail.events[0]).toMatchObject({ type: 'signed-in', name: 'bob', method: 'windows' })
    expect(web.signIns).toEqual(['windows signed-in'])
  })

  test('is told by a 401 that a ticket would do', async () => {
    const { web } = await startKerberosWeb()
    const answer = await web.browser().send('GET', '/api/v1/roles', {})
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Negotiate')
    expect(JSON.parse(answer.text)).toHaveProperty('error')
    expect(web.trail.events).toEqual([])
  })

  test('is asked before its body is read, because clients of Windows send none at first', async () => {
    const { web } = await startKerberosWeb()
    for (const body of [undefined, '', '{']) {
      const headers = { 'content-type': 'application/json' }
      const more = body === undefined ? {} : { body }
      const answer = await web.browser().send('POST', '/api/v1/role-sessions', { headers, ...more })
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Negotiate'])
    }
  })

  test('needs another one for the next request', async () => {
    const { web } = await startKerberosWeb()
    const ticket = ticketOf('bob@CORP.EXAMPLE')
    expect((await ask(web, ticket)).status).toBe(201)
    const again = await ask(web, ticket)
    expect(again.status).toBe(401)
    expect(again.text).not.toContain('kerberos_replay')
    expect(web.trail.events.at(-1)).toMatchObject({
      type: 'sign-in-refused',
      code: 'kerberos_replay',
    })
    expect((await ask(web, ticketOf('bob@CORP.EXAMPLE'))).status).toBe(201)
    expect(web.issuer.orders).toHaveLength(2)
  })

  test('that asks without end is stopped, and writes no more into the trail', async () => {
    const { web } = await startKerberosWeb()
    const roles = () =>
      web
        .browser()
        .send('GET', '/api/v1/roles', { headers: { authorization: ticketOf('bob@CORP.EXAMPLE') } })
    let tries = 0
    while (tries < 1000 && (await roles()).status === 200) tries += 1
    const lines = web.trail.events.length
    expect(lines).toBe(tries)
    expect((await roles()).status).toBe(429)
    expect(web.trail.events).toHaveLength(lines)
  })

  test('may be a computer only where that is configured', async () => {
    const people = await startKerberosWeb()
    expect((await ask(people.web, ticketOf('WS1$@CORP.EXAMPLE'))).status).toBe(401)
    const machines = await startKerberosWeb({ machines: true })
    expect((await ask(machines.web, ticketOf('WS1$@CORP.EXAMPLE'))).status).toBe(201)
    expect(machines.web.trail.events[0]).toMatchObject({ personId: 'id-of-WS1$', name: 'WS1$' })
  })
})

describe('the API refuses', () => {
  test.each([
    ['NTLM', negotiate(ntlmNegotiate), 'kerberos_ntlm'],
    ['NTLM by name', 'NTLM TlRMTVNTUAABAAAA', 'kerberos_ntlm'],
    ['a forged ticket', ticketOf('forged'), 'kerberos_ticket'],
    ['another realm', ticketOf('bob@EVIL.EXAMPLE'), 'kerberos_realm'],
    ['a disabled account', ticketOf('leaver@CORP.EXAMPLE'), 'kerberos_directory'],
    ['a name for two', ticketOf('carol@CORP.EXAMPLE'), 'kerberos_directory'],
  ])('%s, and the trail knows why', async (_, ticket, code) => {
    const { web } = await startKerberosWeb()
    const answer = await ask(web, ticket)
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Negotiate')
    expect(answer.text).not.toMatch(/kerberos_|directory_/)
    expect(web.trail.events).toMatchObject([{ type: 'sign-in-refused', method: 'windows', code }])
    expect(web.ticketRefusals).toEqual([`windows ${code}`])
    expect(web.issuer.orders).toEqual([])
  })

  test('a ticket that a browser sends for a page of another site, before it is looked at', async () => {
    const { web, gssapi } = await startKerberosWeb()
    for (const more of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-origin' },
      { origin: 'https://evil.example' },
      { origin: web.origin },
      { 'content-type': 'text/plain' },
    ]) {
      const answer = await ask(web, ticketOf('bob@CORP.EXAMPLE'), more)
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).not.toBe(401)
    }
    expect(gssapi.seen).toEqual([])
    expect(web.issuer.orders).toEqual([])
  })

  test('two Authorization headers', async () => {
    const { web, gssapi } = await startKerberosWeb()
    const tickets = [ticketOf('bob@CORP.EXAMPLE'), ticketOf('alice@CORP.EXAMPLE')]
    expect((await ask(web, tickets)).status).toBe(400)
    expect(gssapi.seen).toEqual([])
  })

  test('an address with too many refusals, whose forms stay open', async () => {
    const { web, gssapi } = await startKerberosWeb()
    let tries = 0
    while (tries < 1000 && (await ask(web, ticketOf('forged'))).status === 401) tries += 1
    expect((await ask(web, ticketOf('bob@CORP.EXAMPLE'))).status).toBe(429)
    expect(gssapi.seen).toHaveLength(tries)
    expect(tries).toBeLessThan(1000)
    expect((await web.browser().signIn('bob', 'bobpassword')).status).toBe(303)
  })
})
