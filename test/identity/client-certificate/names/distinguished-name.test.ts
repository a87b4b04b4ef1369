import 'reflect-metadata'
import type { JsonNameParams } from '@peculiar/x509'
import { describe, expect, test } from 'vitest'
import { readIdentity } from '../../../../src/identity/client-certificate/identity-source.ts'
import { commonName, nameIn, pathOf } from '../name-in.ts'

describe('refuses', () => {
  test('two common names', async () => {
    expect(await nameIn({ subject: 'CN=alice, CN=bob' }, commonName)).toBe('certificate_name')
  })

  test.each<[string, JsonNameParams]>([
    ['NUL', [{ CN: [{ utf8String: 'alice\0.evil' }] }]],
    ['a line end', [{ CN: [{ utf8String: 'alice\nCN=admin' }] }]],
    ['a space at its end', [{ CN: [{ utf8String: 'alice ' }] }]],
  ])('a common name with %s', async (_name, subject) => {
    expect(await nameIn({ subject }, commonName)).toBe('certificate_name')
  })
})

test('reads a comma in an organisation as part of it', async () => {
  const subject: JsonNameParams = [{ O: ['Corp, CN=admin'] }, { CN: ['bob'] }]
  const path = await pathOf({ subject })
  expect(path.leaf.x509.subject).toContain('CN=admin')
  expect(readIdentity(path, [commonName]).value).toBe('bob')
})

test('does not take an organisation for a common name', async () => {
  expect(await nameIn({ subject: [{ O: ['Corp\nCN=admin'] }] }, commonName)).toBe(
    'certificate_name',
  )
  expect(await nameIn({ subject: [{ O: ['Corp/CN=admin'] }] }, commonName)).toBe(
    'certificate_no_name',
  )
})
