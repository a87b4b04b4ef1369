import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { keyObjectSigner } from '../../src/keys/key-object-signer.ts'
import { createSession } from '../../src/rolesanywhere/create-session.ts'
import { issue, keyCertSign, keyPairs } from '../keys/test-certificates.ts'
import { ANCHOR, anywhereWorld, NOW, PROFILE, WORKLOAD } from '../sandbox/anywhere-world.ts'

const root = issue({ commonName: 'Root', authority: true, keyUsage: keyCertSign })
const intermediate = issue({
  commonName: 'Intermediate',
  authority: true,
  keyUsage: keyCertSign,
  issuer: root,
})

let aws: Sandbox
beforeAll(async () => {
  const world = anywhereWorld({ anchor: { certificates: root.certificatePem } })
  aws = await startSandbox({ world, now: () => NOW })
})
afterAll(() => aws.close())

const kinds = [
  ['RSA-2048', keyPairs.rsa2048],
  ['RSA-4096', keyPairs.rsa4096],
  ['P-256', keyPairs.p256],
  ['P-384', keyPairs.p384],
  ['ML-DSA-65', keyPairs.mlDsa65],
] as const

describe.each(kinds)('a request of our client that %s signed', (_kind, makeKeys) => {
  test.each([
    ['without a chain', root, []],
    ['with a chain', intermediate, [intermediate.certificate]],
  ])('is verified by a service that shares no code with it, %s', async (_what, issuer, chain) => {
    const leaf = issue({ keys: makeKeys(), issuer })
    const signer = keyObjectSigner(leaf.privateKey, leaf.certificate, chain)
    const session = await createSession(
      { trustAnchorArn: ANCHOR, profileArn: PROFILE, roleArn: WORKLOAD },
      () => signer,
      {
        endpoint: aws.url,
        effects: {
          now: () => NOW,
          randomBytes: (length) => Buffer.alloc(length, 1),
          sleep: () => Promise.resolve(),
        },
      },
    )
    expect(session.credentials.accessKeyId).toBe(aws.issued().at(-1)?.accessKeyId)
  })
})

test('the chain is needed where an intermediate stands between', async () => {
  const leaf = issue({ issuer: intermediate })
  const bare = keyObjectSigner(leaf.privateKey, leaf.certificate)
  const asking = createSession(
    { trustAnchorArn: ANCHOR, profileArn: PROFILE, roleArn: WORKLOAD },
    () => bare,
    {
      endpoint: aws.url,
      effects: {
        now: () => NOW,
        randomBytes: (length) => Buffer.alloc(length, 1),
        sleep: () => Promise.resolve(),
      },
    },
  )
  await expect(asking).rejects.toThrow('Untrusted signing certificate')
})
