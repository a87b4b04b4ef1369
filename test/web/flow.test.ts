import { expect, test } from 'vitest'
import { startWeb } from '../support/web-app.ts'

test('leads from the sign-in over the roles to the results page and out again', async () => {
  const web = await startWeb()
  const browser = web.browser()

  const first = await browser.get('/')
  expect(first.status).toBe(303)
  expect(first.location).toBe('/sign-in')
  const signedIn = await browser.signIn('bob', 'bobpassword')
  expect([signedIn.status, signedIn.location]).toEqual([303, '/'])

  const roles = await browser.get('/')
  expect(roles.status).toBe(200)
  expect(roles.text).toContain('ReadOnly')
  const issued = await browser.submit('/', '/role-sessions', {
    role: 'arn:aws:iam::111111111111:role/ReadOnly',
    console: 'true',
  })
  expect(issued.status).toBe(303)
  expect(issued.location).toMatch(/^\/role-sessions\/[\w-]+$/)

  const results = await browser.get(issued.location ?? '')
  expect(results.status).toBe(200)
  expect(results.text).toContain('ASIAIOSFODNN7EXAMPLE')
  expect(results.text).toContain('https://signin.aws.amazon.com/federation')

  const out = await browser.submit('/', '/sign-out', {})
  expect([out.status, out.location]).toEqual([303, '/sign-in?signed-out=yes'])
  expect((await browser.get('/')).location).toMatch(/^\/sign-in/)
  expect(web.trail.log).toEqual([
    'signed-in',
    'role-session-requested',
    'role-session-issued',
    'console-url-issued',
    'signed-out',
  ])
})
