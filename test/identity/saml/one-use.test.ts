import { describe, expect, test } from 'vitest'
import { genuinePlan, makeKit, toBase64 } from '../../support/saml/attack-kit.ts'
import { coreTarget } from '../../support/saml/core-target.ts'
import { memoryClaims, memoryStates } from '../../support/saml/memory-stores.ts'
import type { Outcome } from '../../support/saml/saml-target.ts'
import { StateUnavailable } from '../../../src/errors.ts'

function signedIn(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ outcome }) => outcome === 'signed-in').length
}

describe('one use', () => {
  test('fifty posts of one response at once sign in once', async () => {
    const kit = await makeKit(coreTarget(), 'both')
    const xml = kit.seal()
    expect(signedIn(await Promise.all(Array.from({ length: 50 }, () => kit.post(xml))))).toBe(1)
  })

  test('fifty posts of one unsolicited response at once sign in once, over two processes', async () => {
    const stores = { claims: memoryClaims(), states: memoryStates() }
    const idpInitiated = { landings: [] }
    const one = coreTarget({ idpInitiated }, {}, stores)
    const other = coreTarget({ idpInitiated }, {}, stores)
    const kit = await makeKit(one, 'assertion')
    const SAMLResponse = toBase64(kit.seal(genuinePlan(one, undefined)))
    const posts = Array.from({ length: 50 }, (_, i) =>
      (i % 2 ? one : other).post({ SAMLResponse }, undefined),
    )
    expect(signedIn(await Promise.all(posts))).toBe(1)
  })

  test('a request that was answered badly is used up', async () => {
    const kit = await makeKit(coreTarget(), 'both')
    await kit.post('<forged/>')
    expect(await kit.post(kit.seal())).toMatchObject({ code: 'saml_unsolicited' })
  })

  test('another browser can not use up a request', async () => {
    const target = coreTarget()
    const kit = await makeKit(target, 'both')
    const xml = kit.seal()
    await target.post({ SAMLResponse: toBase64(xml), RelayState: kit.started.relayState }, 'other')
    expect(await kit.post(xml)).toMatchObject({ outcome: 'signed-in' })
  })

  test('a request is forgotten after ten minutes', async () => {
    const target = coreTarget()
    const kit = await makeKit(target, 'both')
    target.ahead = 600_000
    expect(await kit.post(kit.seal())).toMatchObject({ code: 'saml_unsolicited' })
  })

  test('the request of one provider answered by another is refused', async () => {
    const stores = { claims: memoryClaims(), states: memoryStates() }
    const first = coreTarget({ method: 'first' }, {}, stores)
    const second = coreTarget(
      { method: 'second', idpInitiated: { landings: [] } },
      { entityId: 'https://idp.example/second' },
      stores,
    )
    const started = await first.begin()
    const kit = await makeKit(second, 'both')
    const answer = kit.seal({ ...genuinePlan(second, started) })
    const outcome = await second.post(
      { SAMLResponse: toBase64(answer), RelayState: started.relayState },
      started.browser,
    )
    expect(outcome).toMatchObject({ outcome: 'refused', code: 'saml_in_response_to' })
  })

  test('nobody signs in while one use can not be decided', async () => {
    const claims = {
      claim: () => Promise.reject(new StateUnavailable('The state store can not be written.')),
      deleteExpired: () => Promise.resolve(0),
    }
    const kit = await makeKit(
      coreTarget({}, {}, { claims: { ...claims, size: () => 0 }, states: memoryStates() }),
      'both',
    )
    await expect(kit.post(kit.seal())).rejects.toThrow(StateUnavailable)
  })

  test('no certificates means no sign-in', async () => {
    const kit = await makeKit(coreTarget({}, { certificates: [] }), 'both')
    expect(await kit.post(kit.seal())).toMatchObject({ code: 'saml_signature_invalid' })
  })

  test('a provider that may start a sign-in lands only where it is allowed to', async () => {
    const target = coreTarget({ idpInitiated: { landings: ['/console?account=1'] } })
    const post = async (RelayState: string | undefined) => {
      const kit = await makeKit(target, 'both')
      const SAMLResponse = toBase64(kit.seal(genuinePlan(target, undefined)))
      return target.post({ SAMLResponse, RelayState }, undefined)
    }
    expect(await post('/console?account=1')).toMatchObject({ landing: '/console?account=1' })
    expect(await post('https://evil.example/')).not.toHaveProperty('landing')
    expect(await post(undefined)).not.toHaveProperty('landing')
  })
})
