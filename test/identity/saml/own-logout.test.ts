import { describe, expect, test } from 'vitest'
import type { SamlSession } from '../../../src/identity/saml/saml-session.ts'
import { verifyRedirect } from '../../../src/identity/saml/verify-redirect.ts'
import { readXml } from '../../../src/identity/saml/xml/read-xml.ts'
import { toBase64 } from '../../support/saml/attack-kit.ts'
import { coreTarget } from '../../support/saml/core-target.ts'
import { logoutResponseXml, signedPost, signedQuery } from '../../support/saml/idp-logout.ts'
import { readRequest } from '../../support/saml/read-request.ts'
import { byPost, byQuery, idp, provider, refusalOf, serviceProvider } from './logout-messages.ts'

describe('a logout that starts here', () => {
  const session: SamlSession = {
    nameId: {
      value: 'alice <&>',
      format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      nameQualifier: 'https://idp.example/entity',
      spNameQualifier: undefined,
    },
    sessionIndex: 's1',
    endsAt: undefined,
  }

  async function start(browserNonce: string) {
    const message = await provider.startLogout({ session, browserNonce, carry: 'bye' })
    if (message?.binding !== 'redirect') throw new Error('expected a redirect')
    const relayState = new URL(message.url).searchParams.get('RelayState') ?? ''
    return { url: message.url, relayState, ...readRequest(message.url) }
  }

  test('carries the session, signed, and takes the answer of the same browser once', async () => {
    const { url, relayState, requestId, xml } = await start('browser')
    const signed = verifyRedirect(new URL(url).search, [serviceProvider.certificate], {
      allowSha1: false,
    })
    expect(signed.field).toBe('SAMLRequest')
    expect(readXml(xml).children.map(({ text }) => text)).toContain('alice <&>')
    expect(xml).toContain('<samlp:SessionIndex>s1</samlp:SessionIndex>')
    const answer = signedQuery('SAMLResponse', logoutResponseXml(requestId), idp, { relayState })
    expect(await refusalOf(byQuery(answer, 'other'))).toBe('saml_unsolicited')
    expect(await byQuery(answer, 'browser')).toEqual({
      kind: 'response',
      success: true,
      carry: 'bye',
    })
    expect(await refusalOf(byQuery(answer, 'browser'))).toBe('saml_unsolicited')
  })

  test('tells when the provider could not end every session', async () => {
    const { relayState, requestId } = await start('browser')
    const xml = signedPost(logoutResponseXml(requestId, 'Responder'), idp)
    const outcome = await byPost({ SAMLResponse: toBase64(xml), RelayState: relayState }, 'browser')
    expect(outcome).toMatchObject({ kind: 'response', success: false })
  })

  test('an answer to another logout, or unsigned, is refused', async () => {
    const { relayState, requestId } = await start('browser')
    const other = signedQuery('SAMLResponse', logoutResponseXml('_other'), idp, { relayState })
    expect(await refusalOf(byQuery(other, 'browser'))).toBe('saml_in_response_to')
    const again = await start('browser')
    const unsigned = signedQuery('SAMLResponse', logoutResponseXml(requestId), idp, {
      relayState: again.relayState,
    }).replace(/&Signature=.*/, '')
    expect(await refusalOf(byQuery(unsigned, 'browser'))).toBe('saml_signature_missing')
  })

  test('stays here when the provider has no logout', async () => {
    const { serviceProvider: without } = coreTarget({}, { logout: [] })
    const order = { session, browserNonce: 'b', carry: '' }
    expect(await without.startLogout(order)).toBeUndefined()
  })

  test('the state of a sign-in does not answer a logout', async () => {
    const target = coreTarget()
    const started = await target.begin()
    const answer = signedQuery('SAMLResponse', logoutResponseXml(started.requestId), idp, {
      relayState: started.relayState,
    })
    const sent = target.serviceProvider.acceptLogout(
      { binding: 'redirect', rawQuery: answer },
      started.browser,
    )
    expect(await refusalOf(sent)).toBe('saml_unsolicited')
  })
})
