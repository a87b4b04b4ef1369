import { z } from 'zod'
import { accountId } from './accounts.ts'
import { rsaCertificate, rsaKeyPair } from './certificate.ts'
import { duration } from './duration.ts'
import { common } from './method-common.ts'
import { roleSettings } from './role-settings.ts'
import { choice, flag, integer, text } from './scalars.ts'

/** A file, or the address that metadata is fetched from; http on loopback only. */
const metadataPlace = text({ max: 2048 }).refine((place) => {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(place)) return true
  const url = URL.parse(place)
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '')
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)
  return safe && url.username === '' && url.password === '' && url.hash === ''
}, 'the path of a file, or an https address without user name and fragment')

const uri = text({ max: 1024, pattern: /^\S+$/, expected: 'a URI without spaces' })

const fingerprint = text({
  max: 128,
  pattern: /^[0-9a-f]{2}(?::?[0-9a-f]{2}){31}$/i,
  expected: 'a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons',
})

const attributeName = text({ max: 512 })

/** One name, or several of which the first that is present counts. */
const attributeNames = z
  .union([attributeName, z.array(attributeName).min(1, 'at least one name').max(20)], {
    error: 'the name of an attribute, or a list of names',
  })
  .transform((names) => (typeof names === 'string' ? [names] : names))

const attributes = z.strictObject({
  id: attributeNames
    .optional()
    .describe('Immutable ID of the person; unless set, what the preset says, else the NameID.'),
  name: attributeNames.optional().describe('Name that people read; ${name} in templates.'),
  displayName: attributeNames.optional().describe('Name to show.'),
  email: attributeNames.optional().describe('E-mail address; ${email} in templates.'),
  groups: attributeNames.optional().describe('Groups that grants may name.'),
  awsRoles: attributeNames
    .optional()
    .describe('Pairs of role and SAML provider for AWS; unless set, the name that AWS gave it.'),
  session: z
    .record(
      z.string().regex(/^[^{}$]{1,128}$/, 'a name without braces and dollar signs'),
      attributeNames,
    )
    .default({})
    .describe('Values for ${attribute.NAME} in templates: our name to the name of the attribute.'),
})

/** A path of ours, as a provider may send it in RelayState: at most 80 bytes (SAML bindings §3.4.3). */
const landing = text({
  max: 80,
  pattern: /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/,
  expected: 'a path of Postern such as /console?account=111111111111&role=ReadOnly',
})

const idpInitiated = z.strictObject({
  landings: z
    .array(landing)
    .max(100)
    .default([])
    .meta({
      description: 'Values of RelayState that may be sent: paths of Postern. All others lead home.',
      examples: [['/console?account=111111111111&role=ReadOnly']],
    }),
})

const awsRoles = z.strictObject({
  accounts: z
    .array(accountId)
    .min(1, 'at least one account')
    .max(10_000)
    .meta({
      description: 'Accounts whose roles the provider may give; each stands under accounts.',
      examples: [['111111111111']],
    }),
  ...roleSettings,
})

export const samlMethod = z.strictObject({
  type: z.literal('saml'),
  ...common,
  preset: choice(['adfs', 'entra', 'okta', 'keycloak', 'google', 'shibboleth'])
    .optional()
    .describe('What the provider runs: sets attribute names and what it signs, unless set here.'),
  metadata: metadataPlace.meta({
    description: "The provider's metadata: a file, or an https address, read again now and then.",
    examples: ['https://idp.corp.example/metadata'],
  }),
  metadataSignedBy: rsaCertificate()
    .optional()
    .meta({
      description: 'Certificate in PEM whose key must have signed the metadata.',
      examples: ['${file:saml/federation.pem}'],
    }),
  metadataFingerprints: z
    .array(fingerprint)
    .max(20)
    .default([])
    .describe(
      'SHA-256 fingerprints; set, only signing certificates with one of them are trusted out of the metadata.',
    ),
  metadataRefresh: duration(60, 604_800)
    .default(3600)
    .describe('How often an address is asked again.'),
  metadataPrivate: flag()
    .default(false)
    .describe('Whether the address may be in a private network.'),
  providerEntityId: uri
    .optional()
    .describe("The provider's entity ID; needed where the metadata describes several."),
  entityId: uri
    .optional()
    .describe("Postern's entity ID for this provider; {publicUrl}/saml/{id}/metadata unless set."),
  signing: z
    .array(rsaKeyPair)
    .max(2)
    .default([])
    .describe(
      'Keys for requests and sign-outs. The first signs, and during a rotation both stand in our metadata.',
    ),
  announced: z
    .array(rsaCertificate())
    .max(2)
    .default([])
    .describe('Certificates of keys to come, for our metadata only.'),
  decryption: z
    .array(rsaKeyPair)
    .max(2)
    .default([])
    .describe(
      'Keys of their own that decrypt assertions. The first stands in our metadata; both are tried.',
    ),
  requestBinding: choice(['redirect', 'post'])
    .optional()
    .describe('How requests travel; what the provider offers unless set, redirect first.'),
  nameIdFormat: uri.optional().describe('Format of NameID to ask for.'),
  authnContexts: z
    .array(uri)
    .max(20)
    .default([])
    .describe('Authentication context classes to ask for and to insist on.'),
  forceAuthn: flag()
    .default(false)
    .describe('Whether the provider must ask for the password each time.'),
  signed: choice(['either', 'assertion', 'response', 'both'])
    .optional()
    .describe('What the provider must sign; either unless a preset says otherwise.'),
  allowSha1: flag()
    .default(false)
    .describe('Whether SHA-1 may sign, for a provider that can only that.'),
  maxSize: integer(16_384, 1_048_576)
    .default(131_072)
    .describe('Largest message of the provider, in bytes.'),
  clockSkew: duration(0, 300).default(120).describe("How far the provider's clock may be off."),
  maxAge: duration(60, 3600).default(600).describe('How old a response may be.'),
  requestLifetime: duration(60, 3600)
    .default(600)
    .describe('How long somebody may take to sign in at the provider.'),
  idpInitiated: idpInitiated
    .optional()
    .describe('Set, the provider may start a sign-in by itself, as from a tile of its portal.'),
  attributes: attributes.prefault({}).describe('Which attributes hold what.'),
  awsRoles: awsRoles
    .optional()
    .describe('Set, the AWS role attribute gives roles in these accounts without any grant.'),
  logout: flag()
    .default(true)
    .describe('Whether signing out of Postern signs out of the provider too, where it can.'),
})
