import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodePosted, decodeRedirected } from '../../../src/identity/saml/decode-message.ts'
import { MetadataFault } from '../../../src/identity/saml/metadata-fault.ts'
import { readMetadata } from '../../../src/identity/saml/metadata-reader.ts'
import { parseInstant } from '../../../src/identity/saml/saml-instant.ts'
import { SamlRefusal } from '../../../src/identity/saml/saml-refusal.ts'
import { verifyRedirect } from '../../../src/identity/saml/verify-redirect.ts'
import { readXml } from '../../../src/identity/saml/xml/read-xml.ts'
import { escapeXml } from '../../../src/identity/saml/xml/xml-characters.ts'
import { XmlFault } from '../../../src/identity/saml/xml/xml-fault.ts'
import { genuinePlan, type Kit, makeKit, toBase64 } from '../../support/saml/attack-kit.ts'
import { coreTarget } from '../../support/saml/core-target.ts'
import { entityXml } from '../../support/saml/idp-metadata.ts'
import { samlCast } from '../../support/saml/saml-cast.ts'

const bounds = { seed: 20_261_120, numRuns: 400, interruptAfterTimeLimit: 4_000 }
const { idp } = samlCast()

/** Runs it; whatever it throws must be a refusal of ours. Answers whether it got through. */
function passes(kind: new (...values: never[]) => Error, run: () => unknown): boolean {
  try {
    run()
    return true
  } catch (error) {
    if (error instanceof kind) return false
    throw error
  }
}

/** Cuts, doubles, swaps and overwrites pieces of a text. */
function mutations(text: string): fc.Arbitrary<string> {
  const place = fc.nat(text.length)
  const tokens = [
    '<',
    '>',
    '&',
    '"',
    "'",
    '<!--',
    '-->',
    '<?',
    ']]>',
    '<![CDATA[',
    '&#0;',
    '\0',
    ':',
    'xmlns="',
    '\uFEFF',
    '\uD800',
    '/',
    '=',
    ' ',
  ]
  const edit = fc.oneof(
    fc.tuple(place, fc.constantFrom(...tokens)).map(
      ([at, token]) =>
        (s: string) =>
          s.slice(0, at) + token + s.slice(at),
    ),
    fc.tuple(place, place).map(
      ([a, b]) =>
        (s: string) =>
          s.slice(0, Math.min(a, b)) + s.slice(Math.max(a, b)),
    ),
    fc.tuple(place, place).map(
      ([a, b]) =>
        (s: string) =>
          s + s.slice(Math.min(a, b), Math.max(a, b)),
    ),
    fc.tuple(place, fc.string({ unit: 'binary', maxLength: 5 })).map(
      ([at, more]) =>
        (s: string) =>
          s.slice(0, at) + more + s.slice(at + more.length),
    ),
  )
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) => edits.reduce((s, apply) => apply(s), text))
}

describe('whatever comes', () => {
  test('readXml reads it or refuses it, and nothing else happens', () => {
    const wild = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2000 }),
      mutations(entityXml({ keys: [{ key: idp }] })),
      fc
        .array(
          fc.constantFrom(
            '<a>',
            '</a>',
            '<a ',
            'b="c"',
            "b='&lt;'",
            '/>',
            '>',
            'text',
            '&amp;',
            ' ',
            ':',
          ),
          { maxLength: 60 },
        )
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(wild, (text) => {
        passes(XmlFault, () => readXml(text))
      }),
      bounds,
    )
  })

  test('text that was escaped is read back as it was', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 })
    fc.assert(
      fc.property(text, text, (inner, attribute) => {
        const xml = `<a b="${escapeXml(attribute)}">${escapeXml(inner)}</a>`
        const read = passes(XmlFault, () => readXml(xml)) ? readXml(xml) : undefined
        if (!read) return
        expect([read.text, read.attributes[0]?.value]).toEqual([inner, attribute])
      }),
      bounds,
    )
  })

  test('decoding gives text or a refusal, within its size', () => {
    const wild = fc.oneof(
      fc.string({ maxLength: 500 }),
      fc.base64String({ maxLength: 2000 }),
      fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    )
    fc.assert(
      fc.property(wild, (field) => {
        for (const decode of [decodePosted, decodeRedirected])
          passes(SamlRefusal, () => {
            expect(Buffer.byteLength(decode(field, 1024))).toBeLessThanOrEqual(1024)
          })
      }),
      bounds,
    )
  })

  test('a query is verified or refused', () => {
    const wild = fc.array(
      fc.tuple(
        fc.constantFrom(
          'SAMLRequest',
          'SAMLResponse',
          'RelayState',
          'SigAlg',
          'Signature',
          'x',
          '%41',
        ),
        fc.string({ maxLength: 20 }),
      ),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(wild, (pairs) => {
        const query = pairs.map(([name, value]) => `${name}=${value}`).join('&')
        const policy = { allowSha1: false }
        expect(passes(SamlRefusal, () => verifyRedirect(query, [idp.certificate], policy))).toBe(
          false,
        )
      }),
      bounds,
    )
  })

  test('a changed metadata file is read or refused', () => {
    const now = new Date()
    fc.assert(
      fc.property(mutations(entityXml({ keys: [{ key: idp }] })), (text) => {
        passes(MetadataFault, () => readMetadata(text, { entityId: undefined, signedBy: [], now }))
      }),
      bounds,
    )
  })

  test('a changed response never names anybody but whom the provider signed', async () => {
    const target = coreTarget({ idpInitiated: { landings: [] } })
    const kits = new Map<string, Kit>()
    for (const flavour of ['assertion', 'response', 'both'] as const)
      kits.set(flavour, await makeKit(target, flavour))
    // New IDs each time: an assertion that was taken once would be refused for that alone.
    const genuine = (kit: Kit) => kit.seal(genuinePlan(target, undefined))
    const changed = fc.constantFrom(...kits.values()).chain((kit) => mutations(genuine(kit)))
    await fc.assert(
      fc.asyncProperty(changed, async (xml) => {
        const outcome = await target.post({ SAMLResponse: toBase64(xml) }, undefined)
        if (outcome.outcome === 'signed-in') expect(outcome.person).toBe('alice@corp.example')
      }),
      { ...bounds, numRuns: 200 },
    )
    // It is their change that keeps the others out.
    for (const kit of kits.values()) {
      const outcome = await target.post({ SAMLResponse: toBase64(genuine(kit)) }, undefined)
      expect(outcome).toMatchObject({ outcome: 'signed-in', person: 'alice@corp.example' })
    }
  })

  test('a time is read as Date reads it, or not at all', () => {
    let read = 0
    const part = (max: number, width = 2) => fc.nat(max).map((n) => String(n).padStart(width, '0'))
    const time = fc
      .tuple(
        part(9999, 4),
        part(13),
        part(32),
        part(25),
        part(61),
        part(61),
        fc.constantFrom('Z', '+02:00', '-14:00', '', '+1:00'),
      )
      .map(([y, mo, d, h, mi, s, zone]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${zone}`)
    fc.assert(
      fc.property(time, (text) => {
        const instant = parseInstant(text)
        if (instant === undefined) return
        read += 1
        expect(instant).toBe(Date.parse(text))
      }),
      bounds,
    )
    expect(read).toBeGreaterThan(50)
  })

  test.each([
    ['open tags', '<a>'.repeat(40_000)],
    ['attributes without an end', `<a ${'b="c" '.repeat(20_000)}`],
    ['spaces', `<a${' '.repeat(120_000)}`],
    ['ampersands', `<a>${'&'.repeat(120_000)}</a>`],
    ['references', `<a>${'&amp;'.repeat(24_000)}</a>`],
    ['quotes', `<a b="${"'".repeat(120_000)}`],
    [
      'declarations',
      `<a ${Array.from({ length: 60 }, (_, i) => `xmlns:p${String(i)}="urn:${'x'.repeat(2000)}"`).join(' ')}/>`,
    ],
    ['names', `<${'a'.repeat(120_000)}`],
    ['equals signs', `<a ${'b='.repeat(60_000)}>`],
  ])('%s in 128 kB are done with in a moment', (_name, text) => {
    const started = performance.now()
    passes(XmlFault, () => readXml(text))
    expect(performance.now() - started).toBeLessThan(100)
  })
})
