import { describe, expect, test } from 'vitest'
import { certificateLab } from '../../support/certificates/certificate-lab.ts'

describe('a sign-in by certificate', () => {
  test('leads over the listener for certificates back to the roles', async () => {
    const lab = await certificateLab()
    const browser = lab.browser()
    expect((await browser.get('/sign-in')).text).toContain('href="/sign-in/card"')
    const start = await browser.get('/sign-in/card')
    expect(start.status).toBe(303)
    expect(start.location).toMatch(/^https:\/\/localhost:\d+\/sign-in\/card\?started=[\w-]{43}$/)
    const proven = await lab.ask(String(start.location).slice(lab.certificates.length), 'alice')
    expect([proven.status, proven.text]).toEqual([303, ''])
    expect(proven.location).toMatch(
      /^http:\/\/localhost:\d+\/sign-in\/card\/return\?code=[\w-]{43}$/,
    )
    expect(proven.headers['set-cookie']).toBeUndefined()
    const back = await browser.get(String(proven.location).slice(lab.main.length))
    expect([back.status, back.location]).toEqual([303, '/'])
    const { text } = await browser.get('/')
    expect(text).toContain('alice@corp.example')
    expect(text).toContain('ReadOnly')
    const recorded = lab.trail.find(({ type }) => type === 'signed-in')
    expect(recorded?.['certificateSerial']).toMatch(/^[0-9a-f]{32}$/)
    expect(recorded).toMatchObject({
      people: 'staff',
      personId: 'sandbox/upn/alice@corp.example',
      name: 'alice@corp.example',
      method: 'card',
      groups: ['certified'],
    })
  })
})
