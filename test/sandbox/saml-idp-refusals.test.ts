import { createSign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SamlIdp, startSamlIdp } from '../../sandbox/saml-idp/saml-idp.ts'
import { keptSigningKey } from '../../sandbox/saml-idp/signing-key.ts'
import { fieldOf } from '../support/saml/form-browser.ts'
import { samlCast } from '../support/saml/saml-cast.ts'
import { acsUrl, logoutUrl, spEntityId } from '../support/saml/core-target.ts'
import { FORM_TYPE } from './federation-client.ts'
import { idpSettings, startIdpFor } from './idp-visit.ts'
import { form, raw, type RawAnswer } from './raw-http.ts'
import { withSignature } from './saml-signer.ts'

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion'
const { serviceProvider, attacker } = samlCast()

let idp: SamlIdp
let lenient: SamlIdp
beforeAll(async () => {
  idp = await startIdpFor(idpSettings())
  const keys = { signing: [], decryption: [], alsoPublish: [] }
  lenient = await startIdpFor(idpSettings({ keys }))
})
afterAll(async () => {
  await idp.close()
  await lenient.close()
})

/** An AuthnRequest in canonical form; an undefined attribute is left out. */
function authnRequest(
  more: Readonly<Record<string, string | undefined>> = {},
  { issuer = spEntityId, inner = '', name = 'AuthnRequest' } = {},
): string {
  const all: Record<string, string | undefined> = {
    AssertionConsumerServiceURL: acsUrl,
    Destination: `${idp.url}/sso`,
    ID: '_r1',
    IssueInstant: new Date().toISOString(),
    Version: '2.0',
    ...more,
  }
  const attributes = Object.keys(all)
    .sort()
    .flatMap((key) => (all[key] === undefined ? [] : [` ${key}="${all[key]}"`]))
  return `<samlp:${name} xmlns:samlp="${PROTOCOL}"${attributes.join('')}><Issuer xmlns="${ASSERTION}">${issuer}</Issuer>${inner}</samlp:${name}>`
}

function redirectPath(
  path: string,
  xml: string,
  { key = serviceProvider.privateKey, field = 'SAMLRequest', extra = '', sign = true } = {},
): string {
  const value = encodeURIComponent(deflateRawSync(xml).toString('base64'))
  const query = `${field}=${value}${extra}`
  if (!sign) return `${path}?${query}`
  const signed = `${query}&SigAlg=${encodeURIComponent('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')}`
  const signature = createSign('sha256').update(signed).sign(key, 'base64')
  return `${path}?${signed}&Signature=${encodeURIComponent(signature)}`
}

async function get(path: string, url = idp.url): Promise<RawAnswer> {
  return await raw(url, { method: 'GET', path })
}

async function post(
  path: string,
  fields: Record<string, string>,
  headers = {},
): Promise<RawAnswer> {
  return await raw(idp.url, { path, headers: { ...FORM_TYPE, ...headers }, body: form(fields) })
}

function expectRefused(answer: RawAnswer, words: RegExp | string): void {
  expect(answer.status).toBe(400)
  expect(answer.body).toContain('This request was refused')
  expect(answer.body).toMatch(words)
  expect(answer.body).not.toContain('<form')
}

describe('an AuthnRequest is held to the metadata of who sends it', () => {
  test('the genuine one is taken, signed by redirect and by POST', async () => {
    const redirected = await get(redirectPath('/sso', authnRequest()))
    expect(redirected.status).toBe(200)
    expect(redirected.body).toContain('Alice Anders')
    const xml = withSignature(authnRequest(), '_r1', serviceProvider.privateKey)
    const posted = await post('/sso', { SAMLRequest: Buffer.from(xml).toString('base64') })
    expect(posted.body).toContain('Alice Anders')
  })

  test.each<readonly [string, Record<string, string | undefined>, RegExp]>([
    [
      'another ACS',
      { AssertionConsumerServiceURL: 'https://evil.example/acs' },
      /no AssertionConsumerService/,
    ],
    [
      'an unknown ACS index',
      { AssertionConsumerServiceURL: undefined, AssertionConsumerServiceIndex: '7' },
      /no AssertionConsumerService/,
    ],
    [
      'another binding',
      { ProtocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact' },
      /HTTP-POST/,
    ],
    ['another destination', { Destination: 'https://other.example/sso' }, /Destination/],
    ['no destination, though signed', { Destination: undefined }, /Destination/],
    ['no ID', { ID: undefined }, /ID is missing/],
    ['version 1.1', { Version: '1.1' }, /Version/],
    ['an old time', { IssueInstant: '2020-01-01T00:00:00Z' }, /IssueInstant/],
    ['a coming time', { IssueInstant: '2100-01-01T00:00:00Z' }, /IssueInstant/],
    ['no time', { IssueInstant: undefined }, /IssueInstant/],
  ])('%s', async (_, attributes, words) => {
    expectRefused(await get(redirectPath('/sso', authnRequest(attributes))), words)
  })

  test('an unknown service provider', async () => {
    const xml = authnRequest({}, { issuer: 'https://stranger.example' })
    expectRefused(await get(redirectPath('/sso', xml)), /no service provider that/)
  })

  test('a signature that is missing, foreign or of another request', async () => {
    const xml = authnRequest()
    expectRefused(await get(redirectPath('/sso', xml, { sign: false })), /requests are signed/)
    const key = attacker.privateKey
    expectRefused(await get(redirectPath('/sso', xml, { key })), /signature does not hold/)
    const good = redirectPath('/sso', xml)
    expectRefused(await get(good.replace('&SigAlg', '&RelayState=x&SigAlg')), /signature does not/)
    expectRefused(await get(good.replace('rsa-sha256', 'rsa-sha1')), /signature does not hold/)
    expectRefused(await get(good.replace(/&Signature=.*/, '')), /signature does not hold/)
    const posted = withSignature(xml, '_r1', key)
    const fields = { SAMLRequest: Buffer.from(posted).toString('base64') }
    expectRefused(await post('/sso', fields), /signature does not hold/)
  })

  test('an unsigned one counts where the metadata asks for no signature', async () => {
    const xml = authnRequest({ Destination: undefined })
    const answer = await get(redirectPath('/sso', xml, { sign: false }), lenient.url)
    expect(answer.body).toContain('Alice Anders')
  })

  test('another message than an AuthnRequest', async () => {
    const xml = authnRequest({}, { name: 'LogoutRequest' })
    expectRefused(await get(redirectPath('/sso', xml)), /no AuthnRequest/)
    const field = 'SAMLResponse'
    expectRefused(await get(redirectPath('/sso', authnRequest(), { field })), /no AuthnRequest/)
  })

  test.each<readonly [string, string]>([
    ['nothing', '/sso'],
    ['both messages', '/sso?SAMLRequest=a&SAMLResponse=b'],
    ['one twice', '/sso?SAMLRequest=a&SAMLRequest=b'],
    ['no base64', '/sso?SAMLRequest=%3Cxml%3E'],
    [
      'no deflate',
      `/sso?SAMLRequest=${encodeURIComponent(Buffer.from('<a/>').toString('base64'))}`,
    ],
    [
      'a bomb',
      `/sso?SAMLRequest=${encodeURIComponent(deflateRawSync(Buffer.alloc(5_000_000, ' ')).toString('base64'))}`,
    ],
    [
      'a DOCTYPE',
      `/sso?SAMLRequest=${encodeURIComponent(deflateRawSync('<!DOCTYPE a><a/>').toString('base64'))}`,
    ],
  ])('%s', async (_, path) => {
    expectRefused(await get(path), /./)
  })

  test('a RelayState of more than 80 bytes', async () => {
    const extra = (length: number): string => `&RelayState=${'r'.repeat(length)}`
    expect((await get(redirectPath('/sso', authnRequest(), { extra: extra(80) }))).status).toBe(200)
    const path = redirectPath('/sso', authnRequest(), { extra: extra(81) })
    expectRefused(await get(path), /80 bytes/)
  })

  test('IsPassive gets an answer without a page to choose from', async () => {
    const answer = await get(redirectPath('/sso', authnRequest({ IsPassive: 'true' })))
    const page = { url: '', body: answer.body }
    const xml = Buffer.from(fieldOf(page, 'SAMLResponse') ?? '', 'base64').toString('utf8')
    expect(xml).toContain('status:NoPassive')
    expect(xml).not.toContain('Assertion ')
    expect(answer.body).toContain(`action="${acsUrl}"`)
  })
})

describe('a logout message', () => {
  const logoutRequest = (): string =>
    authnRequest(
      { AssertionConsumerServiceURL: undefined, Destination: `${idp.url}/slo` },
      { name: 'LogoutRequest', inner: `<NameID xmlns="${ASSERTION}">u-1002</NameID>` },
    )

  test('must be signed, by whom it says', async () => {
    expectRefused(
      await get(redirectPath('/slo', logoutRequest(), { sign: false })),
      /must be signed/,
    )
    const key = attacker.privateKey
    expectRefused(await get(redirectPath('/slo', logoutRequest(), { key })), /does not hold/)
  })

  test('of nobody who is signed in says so to the service provider', async () => {
    const answer = await get(redirectPath('/slo', logoutRequest()))
    expect(answer.status).toBe(302)
    expect(String(answer.headers['location']).startsWith(logoutUrl)).toBe(true)
    expect(answer.headers).not.toHaveProperty('set-cookie')
  })

  test('that answers nothing is refused', async () => {
    const inner = `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>`
    const xml = authnRequest(
      { AssertionConsumerServiceURL: undefined, Destination: `${idp.url}/slo`, InResponseTo: '_x' },
      { name: 'LogoutResponse', inner },
    )
    const path = redirectPath('/slo', xml, { field: 'SAMLResponse' })
    expectRefused(await get(path), /answers no sign-out/)
  })
})

describe('its pages', () => {
  test('hold nothing inline, and say that nothing is real', async () => {
    const answer = await get('/')
    expect(answer.body).toContain('Nothing here is real.')
    expect(answer.body).not.toMatch(/<script|<style|style=|onclick/)
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'/)
    expect(answer.headers['content-security-policy']).not.toContain('unsafe')
    for (const path of ['/idp.css', '/post.js', '/metadata']) {
      expect((await get(path)).status).toBe(200)
    }
    expect((await get('/idp.css')).body).toMatch(/--paper:[^]*--warn:[^]*\.people/)
    expect((await get('/nothing')).status).toBe(404)
    expect((await post('/metadata', {})).status).toBe(405)
  })

  test('take no sign-in or sign-out from another site', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' }
    expectRefused(await post('/sign-in', { user: 'alice' }, headers), /own pages/)
    expectRefused(await post('/sign-out', {}, headers), /own pages/)
    expectRefused(await post('/sign-in', { user: 'mallory' }), /no such person/)
    expectRefused(await post('/sign-in', { user: 'alice', pending: 'x' }), /took too long/)
  })

  test('start no sign-in to whom they do not know', async () => {
    for (const sp of ['1', '-1', 'x', '']) expectRefused(await get(`/start?sp=${sp}`), /./)
    expectRefused(await get(`/start?sp=0&RelayState=${'r'.repeat(513)}`), /too long/)
  })

  test('name what is wrong with the metadata of a service provider', async () => {
    const metadata = (): Promise<string> => Promise.reject(new Error('fetch failed'))
    await using other = await startSamlIdp({ serviceProviders: [{ label: 'Away', metadata }] })
    const signIn = await raw(other.url, { path: '/sign-in', headers: FORM_TYPE, body: 'user=bob' })
    const cookie = String(signIn.headers['set-cookie']).split(';')[0] ?? ''
    const home = await raw(other.url, { method: 'GET', path: '/', headers: { cookie } })
    expect(home.body).toContain('Away <small>can’t be reached: fetch failed')
    const path = redirectPath('/sso', authnRequest())
    expectRefused(await get(path, other.url), /Away can&#39;t be had: fetch failed/)
  })
})

describe('its key', () => {
  test('is made once and kept, for its owner alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-idp-'))
    try {
      const first = keptSigningKey(folder, new Date())
      expect(keptSigningKey(folder, new Date())).toEqual(first)
      const file = join(folder, 'saml-idp.pem')
      expect(statSync(file).mode & 0o077).toBe(0)
      writeFileSync(file, 'nothing')
      expect(() => keptSigningKey(folder, new Date())).toThrow(/remove it$/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
