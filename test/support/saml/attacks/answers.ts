import { type AttackCase, genuinePlan, toBase64 } from '../attack-kit.ts'
import { meaning } from './meaning.ts'

/** What a response answers, in which browser, and how often. */
export const answers: readonly AttackCase[] = [
  {
    family: meaning,
    name: 'the unsigned InResponseTo stripped from around a signed assertion',
    code: 'saml_in_response_to',
    flavours: ['assertion'],
    attack: (kit) => kit.seal().replace(/(<samlp:Response[^>]*?) InResponseTo="[^"]*"/, '$1'),
  },
  {
    family: meaning,
    name: 'an unsolicited response',
    code: 'saml_unsolicited',
    attack: (kit) => {
      const xml = kit.seal(genuinePlan(kit.target, undefined))
      return kit.postFields({ SAMLResponse: toBase64(xml) })
    },
  },
  {
    family: meaning,
    name: 'an unsolicited response in place of an answer',
    code: 'saml_in_response_to',
    profile: 'idp-initiated',
    attack: (kit) => kit.seal(genuinePlan(kit.target, undefined)),
    twin: (kit) => {
      const xml = kit.seal(genuinePlan(kit.target, undefined))
      return kit.postFields({ SAMLResponse: toBase64(xml) })
    },
  },
  {
    family: meaning,
    name: 'an answer passed off as unsolicited',
    code: 'saml_in_response_to',
    profile: 'idp-initiated',
    attack: (kit) => kit.postFields({ SAMLResponse: toBase64(kit.seal()) }),
  },
  {
    family: meaning,
    name: 'an unsolicited response twice',
    code: 'saml_replay',
    profile: 'idp-initiated',
    attack: async (kit) => {
      const SAMLResponse = toBase64(kit.seal(genuinePlan(kit.target, undefined)))
      await kit.postFields({ SAMLResponse })
      return kit.postFields({ SAMLResponse })
    },
  },
  {
    family: meaning,
    name: 'a genuine response posted from another browser',
    code: 'saml_unsolicited',
    attack: async (kit) => {
      const other = await kit.target.begin()
      const fields = { SAMLResponse: toBase64(kit.seal()), RelayState: kit.started.relayState }
      return kit.postFields(fields, other.browser)
    },
  },
  {
    family: meaning,
    name: 'a genuine response posted by a browser without its cookie',
    code: 'saml_unsolicited',
    attack: (kit) => {
      const fields = { SAMLResponse: toBase64(kit.seal()), RelayState: kit.started.relayState }
      return kit.target.post(fields, undefined)
    },
  },
  {
    family: meaning,
    name: 'the answer to one sign-in of this browser given to another',
    code: 'saml_in_response_to',
    attack: async (kit) => {
      const mine = await kit.target.begin()
      const fields = { SAMLResponse: toBase64(kit.seal()), RelayState: mine.relayState }
      return kit.postFields(fields, mine.browser)
    },
  },
  {
    family: meaning,
    name: 'the same response again',
    code: 'saml_unsolicited',
    attack: async (kit) => {
      const xml = kit.seal()
      await kit.post(xml)
      return kit.post(xml)
    },
  },
  {
    family: meaning,
    name: 'the same assertion in answer to nothing, after it signed in once',
    code: 'saml_in_response_to',
    profile: 'idp-initiated',
    attack: async (kit) => {
      const xml = kit.seal()
      await kit.post(xml)
      return kit.post(xml)
    },
  },
]
