import { createCipheriv } from 'node:crypto'
import { expect, test } from 'vitest'
import { decryptTripleDes } from '../../src/keys/pkcs12-pbe.ts'

const pbe = { salt: Buffer.from('0102030405060708', 'hex'), iterations: 1000 }

// From OpenSSL: openssl kdf -keylen 24 -kdfopt digest:SHA1 -kdfopt hexpass:0000 -kdfopt hexsalt:0102030405060708
// -kdfopt iter:1000 -kdfopt id:1 PKCS12KDF; with id:2 and 8 bytes for the vector; and with pass: for no bytes at all.
test.for([
  ['as a lone terminator', '8513922b91c9b23619baf63283ab12c8e2f0a171b4e4528e', '2f08ff8ec5e1e9be'],
  ['as nothing at all', '013e8086e53d0feb023640cc1b9133dae137babc43b7a49f', 'daf9dd0746329a87'],
] as const)('decrypts what was encrypted with the empty password, written %s', ([, key, iv]) => {
  const cipher = createCipheriv('des-ede3-cbc', Buffer.from(key, 'hex'), Buffer.from(iv, 'hex'))
  const ciphertext = Buffer.concat([cipher.update('a certificate'), cipher.final()])
  expect(decryptTripleDes(ciphertext, '', pbe).toString()).toBe('a certificate')
})

test('throws for another password', () => {
  expect(() => decryptTripleDes(Buffer.alloc(16), 'swordfish', pbe)).toThrow('bad decrypt')
})
