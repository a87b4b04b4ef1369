import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { launchChromium } from '../test/support/chromium.ts'
import { type StillDemo, startStillDemo } from '../test/support/still-demo.ts'
import { smallerPng } from './screenshots/smaller-png.ts'

/**
 * `npm run screenshots`: every page of the demo, light and dark, wide and narrow, into docs/images. The clock stands, so
 * that two runs differ in nothing but the keys that are shown.
 */
const folder = join(import.meta.dirname, '..', 'docs', 'images')
const start = new Date('2026-11-20T09:00:00Z')
const looks = [
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const
type Look = (typeof looks)[number]

const production = 'account=111111111111&role=ReadOnly'
const elsewhere = 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1'

const client_id = 'postern-cli'
const terminal = { host: 'build-7', user: 'alice', system: 'Linux' } as const
const loopback = {
  response_type: 'code',
  client_id,
  redirect_uri: 'http://127.0.0.1:49152/callback',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
  state: 'fc2yOPZlm0Y3ozwVAhLhkw',
  ...terminal,
  host: 'laptop',
}

/** One person at one browser, who walks through the pages and takes a picture of each. */
class Tour {
  readonly #demo: StillDemo
  readonly #context: BrowserContext
  readonly #look: Look
  #page: Page

  constructor(demo: StillDemo, context: BrowserContext, page: Page, look: Look) {
    this.#demo = demo
    this.#context = context
    this.#look = look
    this.#page = page
  }

  async walk(): Promise<void> {
    await this.#signIn()
    await this.#roles()
    await this.#terminals()
    await this.#roleSession()
    await this.#refusals()
    await this.#ends()
  }

  async #signIn(): Promise<void> {
    await this.#open('/')
    await this.#take('sign-in')
    await this.#typeName('bob', 'a wrong password')
    await this.#take('sign-in-error')
    for (let tries = 0; tries < 6; tries += 1) await this.#typeName('mallory', 'a guess')
    await this.#take('sign-in-limited')
    await this.#open('/')
    await this.#typeName('carol', 'bobpassword')
    await this.#take('no-roles')
    await this.#signOut()
  }

  async #roles(): Promise<void> {
    await this.#open('/')
    await this.#typeName('alice', 'alicepassword')
    await this.#take('roles')
    await this.#open(`/role?${production}`)
    await this.#take('role')
    await this.#open(`/console?${production}&destination=${encodeURIComponent(elsewhere)}`)
    await this.#take('portal-link')
  }

  async #terminals(): Promise<void> {
    await this.#open(`/authorize?${new URLSearchParams(loopback).toString()}`)
    await this.#take('terminal-authorize')
    await this.#open('/device')
    await this.#page.getByLabel('Code that your terminal shows').fill('WDJB-MJHT')
    await this.#page.getByRole('button', { name: 'Continue' }).click()
    await this.#take('device')
    const device = await this.#post('device', { client_id, terminal: { ...terminal } })
    await this.#open(`/device?user_code=${device['user_code'] ?? ''}`)
    await this.#take('terminal-device')
    await this.#page.getByRole('button', { name: 'Approve' }).click()
    await this.#page.getByRole('heading', { name: 'signed in' }).waitFor()
    await this.#take('terminal-approved')
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    await this.#post('token', { grant_type, client_id, device_code: device['device_code'] })
    await this.#open('/terminals')
    await this.#take('terminals')
  }

  /** What the command line would ask. */
  async #post(name: string, body: object): Promise<Readonly<Record<string, string>>> {
    const answer = await fetch(`${this.#demo.url}/api/v1/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Readonly<Record<string, string>>
  }

  async #roleSession(): Promise<void> {
    await this.#open('/')
    await this.#page.getByRole('button', { name: /Console.*ReadOnly in Production/ }).click()
    await this.#page.waitForURL(/\/role-sessions\//)
    await this.#take('role-session')
    const results = this.#page
    const opened = this.#context.waitForEvent('page')
    await results.getByRole('link', { name: 'Open console' }).click()
    this.#page = await opened
    await this.#page.waitForURL(/\/console\/home/)
    await this.#take('console')
    await this.#page.close()
    this.#page = results
    const { pathname } = new URL(results.url())
    this.#demo.clock.pass(20 * 60)
    await this.#open('/')
    await this.#take('roles-used')
    await this.#open(pathname)
    await this.#take('role-session-later')
    this.#demo.clock.pass(3600)
    await this.#open(pathname)
    await this.#take('role-session-ended')
  }

  async #refusals(): Promise<void> {
    this.#demo.sandbox.faults.next('AssumeRole', { kind: 'region-disabled' })
    await this.#open('/')
    await this.#page.getByRole('button', { name: /CLI.*Admin in Production/ }).click()
    await this.#take('aws-refused')
    await this.#open('/console?account=222222222222&role=Admin')
    await this.#take('not-granted')
  }

  async #ends(): Promise<void> {
    this.#demo.clock.pass(9 * 3600)
    await this.#open(`/role?${production}`)
    await this.#take('sign-in-ended')
  }

  async #open(path: string): Promise<void> {
    await this.#context.clock.setFixedTime(this.#demo.clock.now)
    await this.#page.goto(this.#demo.url + path)
  }

  async #typeName(name: string, password: string): Promise<void> {
    await this.#page.getByLabel('User name').fill(name)
    await this.#page.getByLabel('Password').fill(password)
    await Promise.all([this.#page.waitForEvent('load'), this.#page.keyboard.press('Enter')])
  }

  async #signOut(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Sign out' }).click()
    await this.#page.waitForURL(/\/sign-in/)
  }

  async #take(name: string): Promise<void> {
    await this.#page.waitForLoadState('load')
    const picture = await this.#page.screenshot({
      fullPage: true,
      caret: 'hide',
      animations: 'disabled',
    })
    const { colorScheme, viewport } = this.#look
    writeFileSync(join(folder, `${name}-${viewport.width}-${colorScheme}.png`), smallerPng(picture))
  }
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const chromium = await launchChromium('localhost')
try {
  for (const look of looks) {
    await using demo = await startStillDemo(start)
    const context = await chromium.newContext({ ...look, locale: 'en-GB', timezoneId: 'UTC' })
    await new Tour(demo, context, await context.newPage(), look).walk()
    await context.close()
  }
} finally {
  await chromium.close()
}
