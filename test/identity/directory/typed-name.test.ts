import { describe, expect, test } from 'vitest'
import { readTypedName } from '../../../src/identity/directory/typed-name.ts'

const domain = { realm: 'corp.example', netbiosDomain: 'CORP' }

describe('a typed name', () => {
  test.each([
    ['alice', 'alice', undefined],
    ['CORP\\alice', 'alice', undefined],
    ['corp.example\\alice', 'alice', undefined],
    ['alice@CORP.example', 'alice', 'alice@CORP.example'],
    ['alice@partner.example', undefined, 'alice@partner.example'],
    ['a@b@corp.example', 'a@b', 'a@b@corp.example'],
  ])('%s', (name, account, principal) => {
    expect(readTypedName(name, domain)).toEqual({ by: 'name', account, principal })
  })

  test.each([
    'OTHER\\alice',
    'CORP\\',
    '\\alice',
    'CORP\\alice@corp.example',
    'CORP\\a\\b',
    '@',
    'alice@',
    '@corp.example',
  ])('%s is of no use', (name) => {
    expect(() => readTypedName(name, domain)).toThrow(
      expect.objectContaining({ refusal: 'directory_name_form' }),
    )
  })

  test('has no domain before a backslash where none is configured', () => {
    const nameless = { realm: 'corp.example', netbiosDomain: undefined }
    for (const name of ['undefined\\alice', '\\alice'])
      expect(() => readTypedName(name, nameless)).toThrow(
        expect.objectContaining({ refusal: 'directory_name_form' }),
      )
  })
})
