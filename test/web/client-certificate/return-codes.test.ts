import { describe, expect, test } from 'vitest'
import type { Browser } from '../../support/browser.ts'
import { type CertificateLab, certificateLab } from '../../support/certificates/certificate-lab.ts'

/** The lab with a clock that a test moves on. */
async function clocked(): Promise<CertificateLab & { pass(seconds: number): void }> {
  let passed = 0
  const now = (): Date => new Date(Date.now() + passed * 1000)
  const lab = await certificateLab({ overrides: { effects: { now } } })
  return {
    ...lab,
    pass(seconds) {
      passed += seconds
    },
  }
}

/** Starts a sign-in and proves the certificate; the path that leads back. */
async function proven(lab: CertificateLab, browser: Browser, holder = 'alice'): Promise<string> {
  const { location: there = '' } = await browser.get('/sign-in/card')
  const { location: back = '' } = await lab.ask(there.slice(lab.certificates.length), holder)
  return back.slice(lab.main.length)
}

const signedIn = async (browser: Browser): Promise<boolean> =>
  (await browser.get('/')).status === 200

describe('the code that leads back', () => {
  test('works once', async () => {
    const lab = await certificateLab()
    const browser = lab.browser()
    const back = await proven(lab, browser)
    expect(await browser.get(back)).toMatchObject({ status: 303, location: '/' })
    const again = await browser.get(back)
    expect(again.status).toBe(403)
    expect(again.text).toContain('Start it again')
    expect(lab.trail.at(-1)).toMatchObject({ type: 'sign-in-refused', code: 'certificate_return' })
  })

  test('works once for fifty at the same time', async () => {
    const lab = await certificateLab()
    const browser = lab.browser()
    const back = await proven(lab, browser)
    const answers = await Promise.all(Array.from({ length: 50 }, () => browser.get(back)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 303)).toHaveLength(1)
    expect(statuses.filter((status) => status === 403)).toHaveLength(49)
    expect(lab.trail.filter(({ type }) => type === 'signed-in')).toHaveLength(1)
  })

  test('stolen, opens nothing in another browser, and its own still gets in', async () => {
    const lab = await certificateLab()
    const [own, thief, newcomer] = [lab.browser(), lab.browser(), lab.browser()]
    await thief.get('/sign-in')
    const back = await proven(lab, own)
    expect((await thief.get(back)).status).toBe(403)
    expect((await newcomer.get(back)).status).toBe(403)
    expect(await signedIn(thief)).toBe(false)
    expect((await own.get(back)).status).toBe(303)
    expect(await signedIn(own)).toBe(true)
  })

  test('does not sign a victim in as the attacker', async () => {
    const lab = await certificateLab()
    const [attacker, victim] = [lab.browser(), lab.browser()]
    await victim.get('/sign-in')
    const back = await proven(lab, attacker, 'bob')
    const sent = await victim.get(back, { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(sent.status).toBe(403)
    expect(await signedIn(victim)).toBe(false)
  })

  test('does not sign an attacker in as the victim, whose certificate proved the attacker’s start', async () => {
    const lab = await certificateLab()
    const [attacker, victim] = [lab.browser(), lab.browser()]
    await victim.get('/sign-in')
    const back = await proven(lab, attacker, 'alice')
    // The browser that showed the certificate goes on to the code, and is not the one that started.
    expect((await victim.get(back)).status).toBe(403)
    expect(await signedIn(victim)).toBe(false)
  })

  test('holds for sixty seconds', async () => {
    const lab = await clocked()
    const [late, prompt] = [lab.browser(), lab.browser()]
    const lateBack = await proven(lab, late)
    lab.pass(61)
    expect((await late.get(lateBack)).status).toBe(403)
    const back = await proven(lab, prompt)
    lab.pass(59)
    expect((await prompt.get(back)).status).toBe(303)
  })

  test('is not used up by a HEAD or without a code', async () => {
    const lab = await certificateLab()
    const browser = lab.browser()
    const back = await proven(lab, browser)
    expect(await browser.send('HEAD', back, {})).toMatchObject({
      status: 303,
      location: '/sign-in',
    })
    expect((await browser.get('/sign-in/card/return')).status).toBe(403)
    expect((await browser.get('/sign-in/card/return?code=')).status).toBe(403)
    expect((await browser.get(`${back}&code=x`)).status).toBe(400)
    expect((await browser.get(back)).status).toBe(303)
  })

  test('belongs to one method', async () => {
    const lab = await certificateLab()
    const browser = lab.browser()
    const back = await proven(lab, browser)
    expect((await browser.get(back.replace('card', 'local'))).status).toBe(404)
    expect((await browser.get(back.replace('card', 'other'))).status).toBe(404)
  })

  test('begins a session under an ID of its own, whoever was signed in before', async () => {
    const lab = await certificateLab()
    const browser = lab.browser()
    await lab.signIn(browser, 'alice')
    const [before] = [...browser.cookies.values()]
    const back = await proven(lab, lab.browser(), 'bob')
    expect((await browser.get(back)).status).toBe(403)
    expect((await browser.get('/')).text).toContain('alice@corp.example')
    expect([...browser.cookies.values()]).toContain(before)
  })
})

describe('the start of a sign-in', () => {
  test('is proven once', async () => {
    const lab = await certificateLab()
    const { location: there = '' } = await lab.browser().get('/sign-in/card')
    const path = there.slice(lab.certificates.length)
    expect((await lab.ask(path, 'alice')).status).toBe(303)
    expect((await lab.ask(path, 'alice')).status).toBe(403)
    expect((await lab.ask(`/sign-in/card?started=${'x'.repeat(43)}`, 'alice')).status).toBe(403)
  })

  test('holds for ten minutes', async () => {
    const lab = await clocked()
    const { location: there = '' } = await lab.browser().get('/sign-in/card')
    lab.pass(601)
    expect((await lab.ask(there.slice(lab.certificates.length), 'alice')).status).toBe(403)
  })

  test('needs a click of the visitor’s own', async () => {
    const lab = await certificateLab()
    for (const site of ['cross-site', 'same-site']) {
      const answer = await lab.browser().get('/sign-in/card', {
        headers: { 'sec-fetch-site': site },
      })
      expect(answer).toMatchObject({ status: 303, location: '/sign-in' })
    }
    const head = await lab.browser().send('HEAD', '/sign-in/card', {})
    expect(head.location).toBe('/sign-in')
    const frame = await lab.browser().get('/sign-in/card', {
      headers: { 'sec-fetch-dest': 'iframe' },
    })
    expect(frame.location).toBe('/sign-in')
  })

  test('leads on to where somebody was, and never elsewhere', async () => {
    const lab = await certificateLab()
    const browser = lab.browser()
    const { location: asked = '' } = await browser.get('/role?account=111111111111&role=ReadOnly')
    const number = new URL(asked, lab.main).searchParams.get('continue') ?? ''
    const { location: there = '' } = await browser.get(`/sign-in/card?continue=${number}`)
    expect(there).not.toContain('continue')
    const { location: back = '' } = await lab.ask(there.slice(lab.certificates.length), 'alice')
    expect(back).not.toContain('continue')
    const landed = await browser.get(back.slice(lab.main.length))
    expect(landed.location).toBe(`/sign-in?continue=${number}`)
    expect((await browser.get(String(landed.location))).location).toBe(
      '/role?account=111111111111&role=ReadOnly',
    )
    const other = lab.browser()
    const { location: stray = '' } = await other.get('/sign-in/card?continue=https://evil.example')
    const { location: home = '' } = await lab.ask(stray.slice(lab.certificates.length), 'bob')
    expect((await other.get(home.slice(lab.main.length))).location).toBe('/')
  })
})
