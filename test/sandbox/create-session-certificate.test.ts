import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { call, callIn, chain, said, workload } from './anywhere-client.ts'
import {
  ANCHOR,
  ANCHOR_ID,
  anywhereWorld,
  intermediate,
  NOW,
  root,
  trustsService,
  QUERY,
} from './anywhere-world.ts'
import type { SessionCall } from './certificate-signer.ts'
import { authority, certify, type Holder, revoke, type Wish } from './certificates.ts'

let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox({ world: anywhereWorld(), now: () => NOW })
})
afterAll(() => aws.close())

describe('the certificate', () => {
  const INSUFFICIENT = '403 AccessDeniedException: Untrusted certificate. Insufficient certificate'
  const UNTRUSTED = '403 AccessDeniedException: Untrusted signing certificate'
  const stranger = authority('Root')
  const day = 86_400_000
  const at = (days: number): Date => new Date(NOW.getTime() + days * day)

  test.each<readonly [string, Wish, string | RegExp]>([
    ['of a CA', { ca: true, usage: 0x86 }, INSUFFICIENT],
    ['without digitalSignature', { usage: 0x20 }, INSUFFICIENT],
    ['without key usage', { usage: undefined }, INSUFFICIENT],
    ['of version 1', { version: 1 }, INSUFFICIENT],
    ['signed with SHA-1', { digest: 'sha1' }, INSUFFICIENT],
    ['without a subject', { subject: [] }, INSUFFICIENT],
    ['with an unknown critical extension', { unknownCritical: true }, INSUFFICIENT],
    ['that has expired', { to: at(-1) }, /^403 AccessDeniedException: Untrusted certificate\. /],
    ['of tomorrow', { from: at(1) }, /^403 AccessDeniedException: Untrusted certificate\. /],
    ['of another CA of the same name', { issuer: stranger }, UNTRUSTED],
    ['of its own', { issuer: certify() }, UNTRUSTED],
    ['without basic constraints', { ca: undefined }, '201'],
    ['signed with SHA-384', { digest: 'sha384' }, '201'],
    ['that ended within the clock skew', { to: new Date(NOW.getTime() - 299_000) }, '201'],
  ])('%s', async (_, wish, expected) => {
    const answer = said(await call(aws.url, { holder: certify({ issuer: root, ...wish }) }))
    if (typeof expected === 'string') expect(answer).toBe(expected)
    else expect(answer).toMatch(expected)
  })

  async function withChain(issuer: Holder, others: readonly Holder[]): Promise<string> {
    const holder = certify({ issuer })
    const list = [holder, ...others].map(({ certificate }) => certificate.raw.toString('base64'))
    return said(await call(aws.url, { holder, chain: list.slice(1) }))
  }

  test('needs its intermediate, and tolerates leaf, root and strangers beside it', async () => {
    expect(await withChain(intermediate, [])).toBe(UNTRUSTED)
    expect(await withChain(intermediate, [intermediate])).toBe('201')
    const leaf = certify({ issuer: intermediate })
    expect(await withChain(intermediate, [leaf, stranger, root, intermediate])).toBe('201')
    const last = certify()
    expect(await withChain(intermediate, [stranger, last, leaf, root, intermediate])).toBe('201')
    expect(await withChain(intermediate, Array<Holder>(6).fill(intermediate))).toMatch(
      /^400 ValidationException: /,
    )
  })

  test.each<readonly [string, Wish]>([
    ['no CA', { ca: false }],
    ['may not issue', { usage: 0x80 }],
    ['has expired', { to: at(-1) }],
    ['is signed with SHA-1', { digest: 'sha1' }],
    ['has an unknown critical extension', { unknownCritical: true }],
  ])('does not count when its intermediate %s', async (_, wish) => {
    const bad = authority('Bad', { issuer: root, ...wish })
    expect(await withChain(bad, [bad])).toBe(UNTRUSTED)
  })

  test('is held to path lengths', async () => {
    const short = authority('Short', { issuer: root, pathLength: 0 })
    const below = authority('Below', { issuer: short })
    expect(await withChain(short, [short])).toBe('201')
    expect(await withChain(below, [short, below])).toBe(UNTRUSTED)
  })

  test('leads to the named anchor and to no other', async () => {
    const other = authority('Other')
    const otherId = '99999999-2222-3333-4444-555555555555'
    const region = 'eu-west-1'
    const world = anywhereWorld({
      account: {
        trustAnchors: [
          { id: ANCHOR_ID, region, certificates: root.pem + other.pem },
          { id: otherId, region, certificates: other.pem },
        ],
      },
      trust: trustsService({}),
    })
    const trustAnchorArn = ANCHOR.replace(ANCHOR_ID, otherId)
    expect(said(await callIn(world, { query: { ...QUERY, trustAnchorArn } }))).toBe(UNTRUSTED)
    const holder = certify({ issuer: other })
    expect(said(await callIn(world, { holder }))).toBe('201')
  })

  test('may have been revoked, as may its intermediate', async () => {
    const serial = BigInt(`0x${workload.certificate.serialNumber}`)
    const REVOKED = '403 AccessDeniedException: Certificate revoked'
    const inWorld = async (revocationLists: string, more: Partial<SessionCall> = {}) =>
      said(await callIn(anywhereWorld({ anchor: { revocationLists } }), more))
    expect(await inWorld(revoke(root, [serial]))).toBe(REVOKED)
    expect(await inWorld(revoke(root, [1n]) + revoke(intermediate, [serial]))).toBe('201')
    expect(await inWorld(revoke(root, [serial], stranger.key))).toBe('201')
    const below = { holder: certify({ issuer: intermediate }), chain }
    const above = BigInt(`0x${intermediate.certificate.serialNumber}`)
    expect(await inWorld(revoke(root, [above]), below)).toBe(REVOKED)
    const lists = revoke(intermediate, [BigInt(`0x${below.holder.certificate.serialNumber}`)])
    expect(await inWorld(lists, below)).toBe(REVOKED)
  })
})
