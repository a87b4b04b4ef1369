import { describe, expect, test } from 'vitest'
import { readPrincipal } from '../../../src/identity/kerberos/kerberos-principal.ts'

const realm = 'CORP.EXAMPLE'

describe('a principal', () => {
  test.each([
    ['alice@CORP.EXAMPLE', { name: 'alice', realm }],
    ['zoë@CORP.EXAMPLE', { name: 'zoë', realm }],
    ['WS1$@CORP.EXAMPLE', { name: 'WS1$', realm }],
    ['alice.anders\\@corp.example@CORP.EXAMPLE', { name: 'alice.anders@corp.example', realm }],
    ['alice@corp.example', { name: 'alice', realm: 'corp.example' }],
  ])('%s', (text, principal) => {
    expect(readPrincipal(text)).toEqual(principal)
  })

  test.each([
    '',
    'alice',
    '@CORP.EXAMPLE',
    'alice@',
    'alice@evil@CORP.EXAMPLE',
    'HTTP/web.corp.example@CORP.EXAMPLE',
    'alice\\/admin@CORP.EXAMPLE',
    'CORP\\\\alice@CORP.EXAMPLE',
    'alice\\0@CORP.EXAMPLE',
    'alice\\n@CORP.EXAMPLE',
    'alice\\@CORP.EXAMPLE',
    'alice@CORP.EXAMPLE\\@X',
    'alice\n@CORP.EXAMPLE',
    `${'a'.repeat(1_100)}@CORP.EXAMPLE`,
  ])('%j is nobody’s', (text) => {
    expect(readPrincipal(text)).toBeUndefined()
  })
})
