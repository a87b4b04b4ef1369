import { describe, expect, test } from 'vitest'
import { readRequest } from '../../support/saml/read-request.ts'
import { responseFields, signInBySaml } from '../../support/saml/saml-visit.ts'
import { journeyCookie, postFromProvider } from '../../support/saml/web-target.ts'
import { ask, passingOn, said } from './passed-on.ts'

describe('a response that is passed on', () => {
  test.each(['role first', 'provider first'] as const)(
    'is exchanged by AWS for the role that it names, %s',
    async (order) => {
      const { web, aws } = await passingOn()
      const browser = web.browser()
      await signInBySaml(web, browser, said(order))
      const answer = await ask(browser)
      expect(answer.status, answer.text).toBe(303)
      const page = await browser.get(answer.location ?? '')
      expect(page.text).toContain('arn:aws:sts::111111111111:assumed-role/Saml/alice.anders')
      expect(aws().issued()).toMatchObject([
        { api: 'AssumeRoleWithSAML', roleSessionName: 'alice.anders' },
      ])
      expect(web.trail.events.at(-1)).toMatchObject({
        type: 'role-session-issued',
        roleSessionName: 'alice.anders',
        accessKeyId: aws().issued()[0]?.accessKeyId,
      })
    },
  )

  test('lies nowhere in the clear, and in no log, trail or page', async () => {
    const { web } = await passingOn()
    const browser = web.browser()
    const start = await browser.get('/sign-in/corp')
    const { requestId } = readRequest(start.location ?? '')
    const relayState = new URL(start.location ?? '').searchParams.get('RelayState') ?? ''
    const started = { requestId, relayState, browser: browser.cookies.get(journeyCookie) ?? '' }
    const fields = responseFields(web, started, said())
    await postFromProvider(browser, '/saml/corp/acs', fields)
    const page = await browser.get((await ask(browser)).location ?? '')
    const part = fields.SAMLResponse.slice(2000, 2100)
    expect(part).toHaveLength(100)
    expect(page.text + web.logger.text() + JSON.stringify(web.trail.events)).not.toContain(part)
    const key = browser.cookies.get('postern-key') ?? ''
    const { createHash } = await import('node:crypto')
    const idHash = createHash('sha256').update(`postern kept assertion:${key}`).digest('base64url')
    const kept = await web.state.signInStates.read(idHash, web.now)
    expect(kept?.data.length).toBeGreaterThan(2000)
    const stored = Buffer.from(kept?.data ?? '', 'base64url').toString('latin1')
    expect(stored).not.toContain(part)
    expect(stored).not.toContain('saml-provider')
    expect(kept?.expiresAt).toBeLessThanOrEqual(web.now + 300_000)
  })

  test('is of no use to another browser with the same session cookie', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    await signInBySaml(web, browser, said())
    const thief = web.browser()
    thief.cookies.set('postern', browser.cookies.get('postern') ?? '')
    const answer = await ask(thief)
    expect(answer.location).toMatch(/^\/sign-in\/corp\?again=yes&continue=\d+$/)
    expect(aws().issued()).toEqual([])
  })

  test('that does not name the role is no way to it', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    await signInBySaml(web, browser, { ...said(), attributes: { groups: ['readers'] } })
    expect((await ask(browser)).status).toBe(403)
    expect(aws().issued()).toEqual([])
  })
})

describe('a sign-in that is too old for AWS', () => {
  test('leads through the provider once more, and on to the result', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    // The library knows no clock but the machine's, and takes two minutes of difference either way.
    web.pass(-200)
    await signInBySaml(web, browser, said())
    web.pass(285)
    const sent = await ask(browser)
    expect(sent.status).toBe(303)
    expect(sent.location).toMatch(/^\/sign-in\/corp\?again=yes&continue=\d+$/)
    expect(aws().issued()).toEqual([])

    // The provider remembers the person, and answers at once.
    const start = await browser.get(sent.location ?? '')
    const request = new URL(start.location ?? '')
    expect(readRequest(start.location ?? '').xml).not.toContain('ForceAuthn="true"')
    const started = {
      requestId: readRequest(start.location ?? '').requestId,
      relayState: request.searchParams.get('RelayState') ?? '',
      browser: browser.cookies.get(journeyCookie) ?? '',
    }
    const back = await postFromProvider(
      browser,
      '/saml/corp/acs',
      responseFields(web, started, said()),
    )
    const onward = await browser.get(back.location ?? '')
    const resumed = await browser.get(onward.location ?? '')
    expect(resumed.location).toMatch(/^\/role-sessions\/[\w-]{22}$/)
    const result = await browser.get(resumed.location ?? '')
    expect(result.text).toContain('arn:aws:sts::111111111111:assumed-role/Saml/alice.anders')
    expect(aws().issued()).toHaveLength(1)

    // What waited is used up.
    expect((await browser.get(onward.location ?? '')).status).toBe(404)
    expect(aws().issued()).toHaveLength(1)
  })

  test('is not asked for again and again: what is too old after the provider is an error', async () => {
    const { web } = await passingOn()
    const browser = web.browser()
    await signInBySaml(web, browser, said())
    web.pass(290)
    const sent = await ask(browser)
    const number = new URL(sent.location ?? '', web.origin).searchParams.get('continue') ?? ''
    const resumed = await browser.get(`/role-sessions/resume?continue=${number}`)
    expect(resumed.status).toBe(401)
    expect(resumed.text).toContain('five minutes')
  })

  test('resumes nothing that no form of this browser asked for', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    await signInBySaml(web, browser, said())
    for (const query of ['', '?continue=0', '?continue=15', '?continue=x'])
      expect((await browser.get(`/role-sessions/resume${query}`)).status).toBe(404)
    expect(aws().issued()).toEqual([])
  })
})
