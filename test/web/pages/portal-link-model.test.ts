import { describe, expect, test } from 'vitest'
import { portalLinkModel } from '../../../src/web/pages/portal-link-model.ts'
import { now, offerOf, readOnly } from './page-facts.ts'

const ask = (destination: string) =>
  portalLinkModel(offerOf(readOnly), { destination, own: false }, now)

describe('the question of a portal link', () => {
  test('says how long the console lasts and whom AWS will see', () => {
    expect(ask('https://console.aws.amazon.com/')).toMatchObject({
      awsSees: 'ReadOnly/bob',
      consoleText: '12 h',
      ends: { text: '21:14 UTC' },
      why: '12 hours, the maximum set for this role.',
      chooseHref: '/role?account=111111111111&role=ReadOnly',
    })
  })

  test('lets the host stand out, as a browser reads it', () => {
    const { destinationParts } = ask('https://console.aws.amazon.com@evil.example/home?x#y')
    expect(destinationParts).toEqual({
      before: 'https://',
      host: 'evil.example',
      after: '/home?x#y',
    })
  })

  test('marks no host in what is no address', () => {
    expect(ask('nonsense').destinationParts).toEqual({ before: '', host: '', after: 'nonsense' })
  })
})
