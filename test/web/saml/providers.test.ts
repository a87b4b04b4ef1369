import { describe, expect, test } from 'vitest'
import { samlPresets } from '../../../src/identity/saml/saml-presets.ts'
import { genuinePlan, toBase64 } from '../../support/saml/attack-kit.ts'
import { shapedResponse } from '../../support/saml/provider-shapes.ts'
import {
  postFromProvider,
  startJourney,
  startSamlWeb,
  webTarget,
} from '../../support/saml/web-target.ts'

const people = {
  adfs: ['x-1001', 'alice@corp.example', ['corp.example\\AWS Readers', 'corp.example\\Staff']],
  entra: ['a1b2c3d4-0000-0000-0000-000000000001', 'alice@corp.example', ['b1', 'b2']],
  okta: ['x-1001', 'alice@corp.example', ['aws-readers', 'aws-dev']],
  keycloak: ['x-1001', 'alice', ['uma', 'offline']],
  google: ['x-1001', 'x-1001', ['aws@corp.example']],
  shibboleth: ['alice@corp.example', 'alice', ['urn:mace:corp:aws', 'urn:mace:corp:staff']],
} as const

const presets = Object.keys(people) as (keyof typeof people)[]

async function visit(preset: keyof typeof people, bend?: (xml: string) => string) {
  const web = await startSamlWeb({ saml: samlPresets[preset] })
  const browser = web.browser()
  const started = await startJourney(browser)
  const xml = await shapedResponse(preset, genuinePlan(webTarget(web), started), bend)
  const fields = { SAMLResponse: toBase64(xml), RelayState: started.relayState }
  return { web, answer: await postFromProvider(browser, '/saml/corp/acs', fields) }
}

/** One letter of the NameID, or of what it is encrypted to. */
function changed(xml: string): string {
  const place = xml.includes('x-1001')
    ? xml.indexOf('x-1001')
    : xml.lastIndexOf('CipherValue>', xml.lastIndexOf('CipherValue>') - 1) + 100
  const letter = xml.charAt(place) === 'A' ? 'B' : 'A'
  return xml.slice(0, place) + letter + xml.slice(place + 1)
}

describe.each(presets)('a response in the manner of %s', (preset) => {
  test('signs in, with the ID, the name and the groups that its preset knows', async () => {
    const { web, answer } = await visit(preset)
    expect(web.trail.events.at(-1)).toMatchObject({ type: 'signed-in' })
    expect(answer.status).toBe(303)
    const [personId, name, groups] = people[preset]
    expect(web.trail.events.at(-1)).toMatchObject({ personId, name, groups })
  })

  test('does not, once a letter of it was changed', async () => {
    const { web, answer } = await visit(preset, changed)
    expect(answer.status).toBe(401)
    expect(web.samlRefusals).toEqual(['corp saml_signature_invalid'])
  })
})
