import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { leafShortcomings } from '../../src/keys/leaf-requirements.ts'
import { matching } from './matchers.ts'
import {
  type CertificateWish,
  digitalSignature,
  issue,
  issuePath,
  keyCertSign,
  keyPairs,
} from './test-certificates.ts'

test.for(Object.entries(keyPairs))(
  'finds nothing wrong with a proper leaf with a key of %s',
  async ([, make]) => {
    const { leaf } = issuePath({ keys: make() })
    expect(await leafShortcomings(leaf.certificate)).toEqual([])
  },
)

test.for<[string, CertificateWish, RegExp]>([
  [
    'an authority',
    { authority: true, keyUsage: digitalSignature | keyCertSign },
    /certificate authority/,
  ],
  ['key usage without digitalSignature', { keyUsage: keyCertSign }, /digitalSignature/],
  ['no key usage', { keyUsage: undefined }, /digitalSignature/],
  ['an empty subject', { commonName: '', issuer: issue({ authority: true }) }, /subject is empty/],
  [
    'a key of another kind',
    { keys: generateKeyPairSync('ed25519'), issuer: issue() },
    /key is not RSA/,
  ],
])('names %s', async ([, wish, sentence]) => {
  const { certificate } = issue(wish)
  expect(await leafShortcomings(certificate)).toEqual([matching(sentence)])
})

test('names version 1', async () => {
  const { certificate } = issue({ version: 1 })
  expect(await leafShortcomings(certificate)).toContain('It is not an X.509 version 3 certificate.')
})
