import { describe, expect, test } from 'vitest'
import { signInBySaml } from '../../support/saml/saml-visit.ts'
import { otherArn, passingOn, roleArn, said, saidBoth } from './passed-on.ts'

describe('after the sign-in', () => {
  test('the only role is taken straight away, and its result shown', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    const back = await signInBySaml(web, browser, said())
    expect(back.location).toMatch(/^\/role-sessions\/resume\?arrival=\d+$/)
    expect(aws().issued()).toEqual([])
    const issued = await browser.get(back.location ?? '')
    expect(issued.location).toMatch(/^\/role-sessions\/[\w-]{22}$/)
    const result = await browser.get(issued.location ?? '')
    expect(result.text).toContain('arn:aws:sts::111111111111:assumed-role/Saml/alice.anders')
    expect(web.console.orders).toHaveLength(1)
    expect(web.trail.events.map(({ type }) => type)).toEqual([
      'signed-in',
      'role-session-requested',
      'role-session-issued',
      'console-url-issued',
    ])

    // Once, and for this browser alone.
    expect((await browser.get(back.location ?? '')).status).toBe(404)
    expect(aws().issued()).toHaveLength(1)
  })

  test('is nothing that another browser could take up', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    const back = await signInBySaml(web, browser, said())
    const thief = web.browser()
    thief.cookies.set('postern', browser.cookies.get('postern') ?? '')
    expect((await thief.get(back.location ?? '')).status).toBe(404)
    expect(aws().issued()).toEqual([])
  })

  test('whoever was signed in already, and sent there by another page, ends at the list', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    await browser.get((await signInBySaml(web, browser, said())).location ?? '')
    expect(aws().issued()).toHaveLength(1)
    const back = await signInBySaml(web, browser, { ...said(), query: '?again=yes' })
    const onward = await browser.get(back.location ?? '')
    expect(onward.location).toBe('/')
    expect(aws().issued()).toHaveLength(1)
  })

  test('several roles are listed to choose from', async () => {
    const { web, aws } = await passingOn(otherArn)
    const browser = web.browser()
    const back = await signInBySaml(web, browser, saidBoth())
    expect(back.location).toBe('/')
    const page = await browser.get('/')
    expect(page.text).toContain(roleArn)
    expect(page.text).toContain(otherArn)
    expect(aws().issued()).toEqual([])
    const { location = '' } = await browser.askFor(otherArn, false)
    const result = await browser.get(location)
    expect(result.text).toContain('arn:aws:sts::111111111111:assumed-role/Other/alice.anders')
  })

  test('an only role that the response does not bring is listed', async () => {
    const { web } = await passingOn()
    const attributes = { groups: ['readers'] }
    const back = await signInBySaml(web, web.browser(), { ...said(), attributes })
    expect(back.location).toBe('/')
  })

  test('whoever was on the way to a page of their own goes on to it', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    const sent = await browser.get('/role?account=111111111111&role=Saml')
    const { search } = new URL(sent.location ?? '', web.origin)
    const back = await signInBySaml(web, browser, { ...said(), query: search })
    expect(back.location).toMatch(/^\/sign-in\?continue=\d+$/)
    const onward = await browser.get(back.location ?? '')
    expect(onward.location).toBe('/role?account=111111111111&role=Saml')
    expect(aws().issued()).toEqual([])
  })
})
