import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { base } from '../config/configuration.ts'
import { type BrokerProcess, startBrokerProcess } from '../support/broker-process.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'
import { samlCast } from '../support/saml/saml-cast.ts'
import { type SimpleSamlPhp, startSimpleSamlPhp } from '../support/saml/simplesamlphp.ts'

const installed = existsSync('/usr/share/simplesamlphp/www') && existsSync('/usr/bin/php')
const profiles = [
  'both',
  'assertion',
  'response',
  'encrypted',
  'encrypted-assertion',
  'sha1',
  'sha512',
  'signed-request',
]
const admin = 'arn:aws:iam::111111111111:role/Admin'
const { serviceProvider, decryption } = samlCast()

let folder: string
let origin: string
let ssp: SimpleSamlPhp
let broker: BrokerProcess
let chromium: Browser

function method(id: string): object {
  const pair = (name: string) => ({
    certificate: `\${file:${name}.pem}`,
    key: `\${file:${name}.key}`,
  })
  return {
    id,
    type: 'saml',
    label: `SSP ${id}`,
    people: 'staff',
    metadata: ssp.metadataUrl,
    metadataPrivate: true,
    nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    signing: [pair('sp')],
    decryption: [pair('decryption')],
    allowSha1: id === 'sha1',
    ...(id === 'both' && { idpInitiated: { landings: ['/role?account=111111111111&role=Admin'] } }),
    attributes: { id: 'uid', name: 'uid', email: 'mail', groups: 'groups' },
    awsRoles: { accounts: ['111111111111'], issuer: 'hub' },
  }
}

beforeAll(async () => {
  if (!installed || !hasChromium()) return
  folder = mkdtempSync(join(tmpdir(), 'postern-live-saml-'))
  const port = await freePort()
  // One site with SimpleSAMLphp, since over http the cookie that comes back with a POST must be Lax.
  origin = `http://127.0.0.1:${port}`
  ssp = await startSimpleSamlPhp(origin)
  const files = {
    'audit.key': 'k'.repeat(64),
    'sp.pem': serviceProvider.certificate,
    'sp.key': serviceProvider.privateKey,
    'decryption.pem': decryption.certificate,
    'decryption.key': decryption.privateKey,
    'postern.yaml': JSON.stringify({
      ...base,
      publicUrl: origin,
      listen: { host: 'localhost', port },
      operations: { host: '127.0.0.1', port: 0 },
      signIn: profiles.map(method),
      grants: [],
      audit: { key: '${file:audit.key}' },
      state: 'sqlite:./postern.db',
    }),
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  broker = await startBrokerProcess(join(folder, 'postern.yaml'), port)
  chromium = await launchChromium()
})

afterAll(async () => {
  if (!installed || !hasChromium()) return
  await chromium.close()
  await broker[Symbol.asyncDispose]()
  await ssp.stop()
  rmSync(folder, { recursive: true })
})

let context: BrowserContext
let page: Page

beforeEach(async (test) => {
  if (!installed)
    test.skip(
      'SimpleSAMLphp is not installed; install simplesamlphp php-cli php-xml php-mbstring php-curl',
    )
  if (!hasChromium()) test.skip('needs chromium; install chromium')
  context = await chromium.newContext()
  page = await context.newPage()
})

afterEach(async () => {
  if (installed && hasChromium()) await context.close()
})

/** Types the password at SimpleSAMLphp, and waits to be back. */
async function signInThere(): Promise<void> {
  await page.locator('input[name=username]').fill('alice')
  await page.locator('input[name=password]').fill('alicepassword')
  await page.keyboard.press('Enter')
}

async function signIn(profile: string): Promise<void> {
  await page.goto(`${origin}/sign-in/${profile}`)
  await signInThere()
  await page.waitForURL(`${origin}/`)
}

const isSignedOut = async () => {
  await page.goto(`${origin}/role?account=111111111111&role=Admin`)
  return page.url().includes('/sign-in')
}

describe('SimpleSAMLphp and the whole broker', () => {
  test.each(profiles)(
    'sign in with profile %s, with the roles of the attribute',
    async (profile) => {
      await signIn(profile)
      const shown = await page.getByRole('banner').innerText()
      expect(shown).toContain('alice')
      expect(shown).toContain(`SSP ${profile}`)
      expect(await page.content()).toContain(admin)
    },
  )

  test('keep a deep link through the password form', async () => {
    await page.goto(`${origin}/role?account=111111111111&role=Admin`)
    await page.getByRole('link', { name: 'SSP assertion', exact: true }).click()
    await signInThere()
    await page.waitForURL(/\/role\?account=111111111111&role=Admin/)
    expect(await page.getByRole('main').innerText()).toContain('Admin')
  })

  test('sign in from the provider’s side where that is allowed, and only there', async () => {
    const start = (profile: string) => {
      const entity = encodeURIComponent(`${origin}/saml/${profile}/metadata`)
      const landing = encodeURIComponent('/role?account=111111111111&role=Admin')
      return `${ssp.origin}/simplesaml/saml2/idp/SSOService.php?spentityid=${entity}&RelayState=${landing}`
    }
    await page.goto(start('both'))
    await signInThere()
    await page.waitForURL(/\/role\?account=111111111111&role=Admin/)
    await page.goto(start('assertion'))
    await page.waitForURL(`${origin}/saml/assertion/acs`)
    expect(await page.getByRole('main').innerText()).toContain('You are not signed in')
  })

  test('sign out at both ends when Postern asks', async () => {
    await signIn('signed-request')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/signed-out=both/)
    expect(await isSignedOut()).toBe(true)
    await page.goto(`${origin}/sign-in/signed-request`)
    await page.waitForURL(`${ssp.origin}/**`)
    expect(await page.locator('input[name=password]').count()).toBe(1)
  })

  test('sign out at both ends when SimpleSAMLphp asks', async () => {
    await signIn('signed-request')
    const out = `${ssp.origin}/simplesaml/resources/default.css`
    await page.goto(
      `${ssp.origin}/simplesaml/saml2/idp/SingleLogoutService.php?ReturnTo=${encodeURIComponent(out)}`,
    )
    await page.waitForURL(out)
    expect(await isSignedOut()).toBe(true)
  })
})
