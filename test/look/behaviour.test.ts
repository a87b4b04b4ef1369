import { describe, expect, test } from 'vitest'
import { clipboard, focused, pagesInChromium, withoutScripts } from './pages-in-chromium.ts'

describe('the pages in a browser', { timeout: 30_000 }, () => {
  const { addressOf, newPage, open, origin, posted } = pagesInChromium()

  test('copy a report of what failed, line by line', async () => {
    const page = await open('error')
    await page.getByRole('button', { name: 'Copy report' }).click()
    const report = await clipboard(page)
    expect(report).toContain('Request ID: 01KAGZ3V9S0Q9J3E5T7QW8XN2M\n')
    expect(report).toContain('AWS request ID: 5e1f8a52-0c1d-4c6e-9c7b-3f1d2a7e9b40\n')
  })

  test('without JavaScript, sign in and get a role', async () => {
    const signIn = await open('sign-in', withoutScripts)
    await signIn.getByText('Local account').click()
    await signIn.getByLabel('User name').last().fill('bob')
    await signIn.getByLabel('Password').last().fill('bobpassword')
    await signIn.getByRole('button', { name: 'Sign in' }).last().click()
    const roles = await open('roles-many', withoutScripts)
    expect(await roles.getByRole('searchbox').count()).toBe(0)
    await roles
      .getByRole('button', { name: 'CLI 1 h as ReadOnly in payments-5', exact: true })
      .click()
    expect(posted()).toMatchObject([
      { path: '/sign-in/local', username: 'bob', password: 'bobpassword' },
      { path: '/role-sessions', role: 'arn:aws:iam::300038271605:role/ReadOnly', console: 'false' },
    ])
    expect(posted().every((fields) => fields['_csrf'] !== '')).toBe(true)
  })

  test('give the focus to what one came for', async () => {
    const places = {
      'sign-in': 'Corporate SSO',
      'sign-in-one': 'User name',
      'sign-in-error': 'Password',
      session: 'Open console, new tab',
      'session-cli': 'Copy for bash, zsh',
      'session-link-expired': 'Make a new link',
      'session-ended': 'Get new ones for 1 h',
      'roles-many': 'Find a role by account, number or name',
    }
    const page = await open('sign-in')
    for (const [name, label] of Object.entries(places)) {
      await page.goto(addressOf(name))
      expect(await focused(page), name).toBe(label)
    }
  })

  test('have what one came for one Tab away, where a key too many would hurt', async () => {
    const places = {
      roles: 'Console 1 h as ReadOnly in Development',
      'portal-link': 'Open console',
      'terminal-device': 'Approve',
      'terminal-authorize': 'Approve',
      error: 'All roles',
      'no-roles': 'cloud-desk@corp.example',
    }
    const page = await open('roles')
    for (const [name, label] of Object.entries(places)) {
      await page.goto(addressOf(name))
      await page.keyboard.press('Tab')
      expect(await focused(page), name).toBe(label)
    }
  })

  test('issue nothing by a key that is held down while the page opens', async () => {
    const page = await open('portal-link')
    const questions = ['portal-link', 'terminal-device', 'terminal-authorize', 'terminals']
    for (const name of [...questions, 'roles', 'roles-many', 'roles-selected']) {
      await page.goto(addressOf(name))
      for (const key of ['Enter', 'Space', 'Enter']) await page.keyboard.press(key)
      expect(posted(), name).toEqual([])
    }
  })

  test('filter roles while one types, and open the first by Enter', async () => {
    const page = await open('roles-many')
    await page.keyboard.type('ledger-1 dep')
    expect(await page.locator('#found').textContent()).toBe('3 roles in 3 accounts')
    await page.keyboard.press('Enter')
    await page.waitForURL(/role-sessions$/)
    expect(posted()[0]).toMatchObject({
      role: 'arn:aws:iam::300007654321:role/Deploy',
      console: 'true',
    })
  })

  test('ask for a second Enter in a dangerous account', async () => {
    const page = await open('roles-many')
    await page.keyboard.type('3000 2296 2963 admin')
    await page.keyboard.press('Enter')
    expect(posted()).toEqual([])
    expect(await focused(page)).toBe('Console 12 h as Admin in analytics-3')
    await page.keyboard.press('Enter')
    await page.waitForURL(/role-sessions$/)
    expect(posted()).toHaveLength(1)
  })

  test('find nothing, say so, and show all again on Escape', async () => {
    const page = await open('roles-many')
    await page.keyboard.type('no such role')
    expect(await page.locator('#nothing').isVisible()).toBe(true)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    expect(await page.locator('#found').textContent()).toBe('400 roles in 100 accounts')
    expect(posted()).toEqual([])
  })

  test('take the code of a terminal as it is typed', async () => {
    const page = await open('device')
    await page.keyboard.type('wdjb-mjht')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${origin()}/device`)
    expect(posted()).toMatchObject([{ user_code: 'wdjb-mjht' }])
  })

  test('walk the roles with the arrow keys', async () => {
    const page = await open('roles')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('CLI 1 h as Admin in Production')
  })

  test('send a form once, however often it is pressed', async () => {
    const page = await open('portal-link')
    await page.evaluate(() => {
      const form = document.querySelector<HTMLFormElement>('form.actions')
      form?.requestSubmit()
      form?.requestSubmit()
    })
    await page.waitForURL(/console$/)
    expect(posted()).toMatchObject([
      { path: '/console', account: '111111111111', role: 'ReadOnly' },
    ])
  })

  test('post the durations that were chosen', async () => {
    const page = await open('role')
    await page.getByText('8 h').click()
    await page
      .getByRole('radio', { name: /^15 min/ })
      .last()
      .focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Get console and CLI' }).click()
    await page.waitForURL(/role-sessions$/)
    expect(posted()[0]).toMatchObject({
      role: 'arn:aws:iam::111111111111:role/ReadOnly',
      console: 'true',
      duration: '900',
      consoleDuration: '28800',
      region: 'eu-west-1',
      destination: '',
    })
  })

  test('show each time as the reader’s own', async () => {
    const page = await open('roles')
    expect(await page.locator('.visitor time').textContent()).toContain('23:30')
  })

  test('hold the button until the wait is over', async () => {
    const page = await newPage()
    await page.clock.install()
    await page.goto(addressOf('sign-in-limited'))
    const button = page.locator('.method-first button')
    await page.getByLabel('Password').first().fill('x')
    expect(await button.getAttribute('aria-disabled')).toBe('true')
    await page.keyboard.press('Enter')
    expect(posted()).toEqual([])
    await page.clock.fastForward('00:41')
    expect(await button.getAttribute('aria-disabled')).toBeNull()
    await page.keyboard.press('Enter')
    await page.waitForURL(/sign-in\/local$/)
  })
})
