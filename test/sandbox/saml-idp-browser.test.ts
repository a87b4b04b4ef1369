import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type SamlIdp, startSamlIdp } from '../../sandbox/saml-idp/saml-idp.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { withFederation } from '../../sandbox/world/demo-federation.ts'
import { demoWorld } from '../../sandbox/world/demo-world.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'
import { root } from './anywhere-world.ts'

let idp: SamlIdp
let aws: Sandbox
let chromium: Browser
beforeAll(async () => {
  if (!hasChromium()) return
  const port = await freePort()
  const awsUrl = `http://localhost:${port}`
  const metadata = async (): Promise<string> => {
    const answer = await fetch(`${awsUrl}/static/saml-metadata.xml`)
    return await answer.text()
  }
  idp = await startSamlIdp({ serviceProviders: [{ label: 'The console', metadata }] })
  const world = withFederation(demoWorld, {
    brokerUrl: 'http://localhost:3000',
    awsUrl,
    idpMetadata: idp.metadata,
    brokerMetadata: () => Promise.resolve(undefined),
    authorities: root.pem,
    revocationLists: '',
  })
  aws = await startSandbox({ port, world })
  chromium = await launchChromium('localhost')
})
afterAll(async () => {
  if (!hasChromium()) return
  await chromium.close()
  await aws.close()
  await idp.close()
})
beforeEach((context) => {
  if (!hasChromium()) context.skip('needs chromium; install chromium')
})

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

describe('in a browser', () => {
  test('alice signs in, chooses a role, is in the console, and signs out', async () => {
    const context = await chromium.newContext()
    const page = await context.newPage()
    const blocked: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) blocked.push(message.text())
    })
    await page.goto(`${idp.url}/`)
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Alice Anders' }).click()
    await page.getByRole('heading', { name: 'Alice Anders' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('link', { name: 'The console' }).click()
    await page.getByRole('heading', { name: 'Select a role' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Billing in 111111111111' }).click()
    await page.getByText('assumed-role/Billing/alice').waitFor()
    await page.goto(`${idp.url}/`)
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByText('did not confirm it: The console.').waitFor()
    await page.goto(`${idp.url}/`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(blocked).toEqual([])
    await context.close()
  })

  test('a browser without scripts has a button to go on', async () => {
    const context = await chromium.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${idp.url}/start?sp=0`)
    await page.getByRole('button', { name: 'Alice Anders' }).click()
    await page.getByRole('button', { name: 'Continue to localhost' }).click()
    await page.getByRole('heading', { name: 'Select a role' }).waitFor()
    await context.close()
  })
})
