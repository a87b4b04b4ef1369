import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SamlIdp } from '../../sandbox/saml-idp/saml-idp.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { fieldOf } from '../support/saml/form-browser.ts'
import { idpSettings, startIdpFor, visit } from './idp-visit.ts'
import { assumeWithSaml } from './saml-world.ts'
import { policy, role, worldWith } from './test-world.ts'

let idp: SamlIdp
beforeAll(async () => {
  idp = await startIdpFor(idpSettings())
})
afterAll(() => idp.close())

describe('signing in through the identity provider', () => {
  test.each(['redirect', 'post'] as const)('a request by %s becomes a person', async (binding) => {
    const { signIn, serviceProvider } = visit(idp, idpSettings({ requestBinding: binding }))
    const signedIn = await serviceProvider.acceptResponse(await signIn('alice'))
    expect(signedIn.carry).toBe('/')
    expect(signedIn.claims).toMatchObject({
      id: 'u-1001',
      name: 'alice',
      displayName: 'Alice Anders',
      email: 'alice@corp.example',
      groups: ['readers', 'admins'],
    })
    expect(signedIn.claims.awsRoles).toHaveLength(3)
  })

  test.each([
    ['bob', ['readers']],
    ['carol', []],
  ])('%s has groups %j and no role in AWS', async (name, groups) => {
    const { signIn, serviceProvider } = visit(idp)
    const { claims } = await serviceProvider.acceptResponse(await signIn(name))
    expect(claims).toMatchObject({ name, groups, awsRoles: [] })
  })

  test.each(['assertion', 'response', 'both'] as const)('signs the %s', async (signs) => {
    await using other = await startIdpFor(idpSettings(), { signs })
    const { signIn, serviceProvider } = visit(other, idpSettings({ signed: signs }))
    expect(await serviceProvider.acceptResponse(await signIn('bob'))).toBeDefined()
  })

  test('does not ask again, unless it is to', async () => {
    const { signIn, serviceProvider, browser, browserNonce, carry, choose } = visit(idp)
    const first = await serviceProvider.acceptResponse(await signIn('bob'))
    const page = await carry(await serviceProvider.startSignIn({ browserNonce, carry: '/' }))
    expect(fieldOf(page, 'pending')).toBeUndefined()
    const again = await serviceProvider.acceptResponse(await choose(page, 'carol'))
    expect(again.claims.name).toBe('bob')
    expect(again.session.sessionIndex).toBe(first.session.sessionIndex)
    expect((await browser.get(`${idp.url}/`)).body).toContain('signed in as <code>bob</code>')
    const forced = visit(idp, idpSettings({ forceAuthn: true }))
    await forced.signIn('bob')
    const message = await forced.serviceProvider.startSignIn({ browserNonce, carry: '/' })
    expect(fieldOf(await forced.carry(message), 'pending')).toBeDefined()
  })

  test('can start by itself, with a landing page', async () => {
    const { browser, choose, serviceProvider } = visit(idp)
    const page = await browser.get(`${idp.url}/start?sp=0&RelayState=%2Fconsole`)
    const signedIn = await serviceProvider.acceptResponse(await choose(page, 'alice'))
    expect(signedIn).toMatchObject({ landing: '/console', carry: undefined })
  })

  test('gives the formats of NameID that it names, and no other', async () => {
    const format = async (nameIdFormat: string): Promise<string> => {
      const { signIn, serviceProvider } = visit(idp, idpSettings({ nameIdFormat }))
      const { session } = await serviceProvider.acceptResponse(await signIn('bob'))
      return session.nameId.value
    }
    expect(await format('urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress')).toBe(
      'bob@corp.example',
    )
    expect(await format('urn:oasis:names:tc:SAML:2.0:nameid-format:persistent')).toBe('u-1002')
    await expect(
      format('urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos'),
    ).rejects.toMatchObject({
      refusal: expect.stringContaining('saml_') as string,
    })
  })

  test('gives an assertion that STS takes, as it came', async () => {
    const settings = idpSettings()
    const trust = policy({
      Effect: 'Allow',
      Principal: { Federated: 'arn:aws:iam::111111111111:saml-provider/PosternDemo' },
      Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Condition: { StringEquals: { 'SAML:aud': settings.acsUrl } },
    })
    const [first, ...others] = worldWith([role('Analyst', trust)]).accounts
    if (first === undefined) throw new Error('no account')
    const samlProviders = [{ name: 'PosternDemo', metadata: idp.metadata }]
    await using aws = await startSandbox({
      world: { accounts: [{ ...first, samlProviders }, ...others] },
    })
    const { SAMLResponse } = await visit(idp, settings).signIn('alice')
    const answer = await assumeWithSaml(aws.url, {
      SAMLAssertion: SAMLResponse,
      RoleArn: 'arn:aws:iam::111111111111:role/Analyst',
      PrincipalArn: 'arn:aws:iam::111111111111:saml-provider/PosternDemo',
    })
    expect(answer).toMatchObject({
      Subject: 'u-1001',
      SubjectType: 'persistent',
      Issuer: `${idp.url}/metadata`,
      Audience: settings.acsUrl,
      SourceIdentity: 'alice',
    })
  })
})

describe('signing out', () => {
  test('when the service provider asks by redirect', async () => {
    const settings = idpSettings()
    const { serviceProvider, signIn, carry, browser, browserNonce } = visit(idp, settings)
    const { session } = await serviceProvider.acceptResponse(await signIn('bob'))
    const message = await serviceProvider.startLogout({ session, browserNonce, carry: 'bye' })
    expect(message?.binding).toBe('redirect')
    const back = await carry(message)
    expect(back.url.startsWith(settings.logoutUrl)).toBe(true)
    const rawQuery = new URL(back.url).search.slice(1)
    const incoming = { binding: 'redirect', rawQuery } as const
    const outcome = await serviceProvider.acceptLogout(incoming, browserNonce)
    expect(outcome).toEqual({ kind: 'response', success: true, carry: 'bye' })
    expect((await browser.get(`${idp.url}/`)).body).toContain('<h1>Sign in</h1>')
  })

  test('when the service provider asks by POST', async () => {
    const metadata = idp.metadata.replace(/<md:SingleLogoutService [^>]*HTTP-Redirect[^>]*>/, '')
    const { serviceProvider, signIn, carry, browser, browserNonce } = visit({
      url: idp.url,
      metadata,
    })
    const { session } = await serviceProvider.acceptResponse(await signIn('bob'))
    const message = await serviceProvider.startLogout({ session, browserNonce, carry: 'bye' })
    expect(message?.binding).toBe('post')
    const page = await carry(message)
    const incoming = {
      binding: 'post',
      SAMLRequest: undefined,
      SAMLResponse: fieldOf(page, 'SAMLResponse'),
      RelayState: fieldOf(page, 'RelayState'),
    } as const
    const outcome = await serviceProvider.acceptLogout(incoming, browserNonce)
    expect(outcome).toEqual({ kind: 'response', success: true, carry: 'bye' })
    expect((await browser.get(`${idp.url}/`)).body).toContain('<h1>Sign in</h1>')
  })

  test('when it is asked for here, which ends the sessions elsewhere first', async () => {
    const { serviceProvider, signIn, browser, browserNonce } = visit(idp)
    const { session } = await serviceProvider.acceptResponse(await signIn('alice'))
    const away = await browser.post(`${idp.url}/sign-out`, {})
    const rawQuery = new URL(away.url).search.slice(1)
    const outcome = await serviceProvider.acceptLogout(
      { binding: 'redirect', rawQuery },
      browserNonce,
    )
    if (outcome.kind !== 'request') throw new Error('expected a LogoutRequest')
    expect(outcome.nameId.value).toBe(session.nameId.value)
    expect(outcome.sessionIndexes).toEqual([session.sessionIndex])
    const reply = outcome.reply(true)
    if (reply?.binding !== 'redirect') throw new Error('expected a redirect')
    const page = await browser.get(reply.url)
    expect(page.body).toContain('You are signed out here and wherever you went from here.')
    const again = await browser.get(reply.url)
    expect(again.body).toContain('answers no sign-out of this browser')
  })

  test('says who did not confirm it', async () => {
    const { serviceProvider, signIn, browser, browserNonce } = visit(idp)
    await signIn('alice')
    const away = await browser.post(`${idp.url}/sign-out`, {})
    const rawQuery = new URL(away.url).search.slice(1)
    const outcome = await serviceProvider.acceptLogout(
      { binding: 'redirect', rawQuery },
      browserNonce,
    )
    const reply = outcome.kind === 'request' ? outcome.reply(false) : undefined
    if (reply?.binding !== 'redirect') throw new Error('expected a redirect')
    expect((await browser.get(reply.url)).body).toContain('did not confirm it: Postern.')
  })
})
