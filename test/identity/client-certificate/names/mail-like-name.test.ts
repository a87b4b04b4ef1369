import 'reflect-metadata'
import { describe, expect, test } from 'vitest'
import type { IdentitySource } from '../../../../src/identity/client-certificate/identity-source.ts'
import { der, otherName } from '../../../support/certificates/raw-der.ts'
import type { CertificatePlan } from '../../../support/certificates/test-authority.ts'
import { email, nameIn, rawNames, upn, upns, utf8 } from '../name-in.ts'

describe('refuses', () => {
  test.each<[string, CertificatePlan, IdentitySource, string]>([
    [
      'two principal names',
      { names: upns('bob@corp.example', 'alice@corp.example') },
      upn,
      'certificate_name',
    ],
    [
      'the same principal name twice',
      { names: upns('bob@corp.example', 'bob@corp.example') },
      upn,
      'certificate_name',
    ],
    [
      'a second principal name that can not be read',
      rawNames(
        otherName('principal', utf8('bob@corp.example')),
        otherName('principal', der(0x0c, Buffer.from('ff', 'hex'))),
      ),
      upn,
      'certificate_unreadable',
    ],
    [
      'a principal name of another domain',
      { names: upns('alice@corp.example.evil') },
      upn,
      'certificate_name_foreign',
    ],
    ['a principal name without a domain', { names: upns('alice') }, upn, 'certificate_name'],
    [
      'a principal name with two',
      { names: upns('alice@corp.example@evil.example') },
      upn,
      'certificate_name',
    ],
    [
      'a principal name with an escape',
      { names: upns('alice\\@evil@corp.example') },
      upn,
      'certificate_name',
    ],
    [
      'a principal name that looks like another one',
      { names: upns('ali\u202ece@corp.example') },
      upn,
      'certificate_unreadable',
    ],
    [
      'a principal name with the Kelvin sign',
      { names: upns('\u212aate@corp.example') },
      upn,
      'certificate_name',
    ],
    [
      'a principal name with an accent of its own',
      { names: upns('andre\u0301@corp.example') },
      upn,
      'certificate_name',
    ],
    [
      'NUL in a principal name',
      rawNames(otherName('principal', utf8('alice\0@corp.example'))),
      upn,
      'certificate_unreadable',
    ],
    [
      'NUL in an e-mail',
      rawNames(der(0x81, 'alice@corp.example\0.evil.example')),
      email,
      'certificate_unreadable',
    ],
    [
      'two e-mails',
      {
        names: [
          { type: 'email', value: 'a@corp.example' },
          { type: 'email', value: 'b@corp.example' },
        ],
      },
      email,
      'certificate_name',
    ],
    [
      'a principal name of many characters',
      rawNames(otherName('principal', utf8(`${'a'.repeat(300)}@corp.example`))),
      upn,
      'certificate_unreadable',
    ],
    [
      'a principal name that is a number',
      rawNames(otherName('principal', der(0x02, Buffer.from([1])))),
      upn,
      'certificate_unreadable',
    ],
    [
      'something behind the principal name',
      rawNames(otherName('principal', Buffer.concat([utf8('alice@corp.example'), utf8('x')]))),
      upn,
      'certificate_unreadable',
    ],
  ])('%s', async (_name, plan, source, code) => {
    expect(await nameIn(plan, source)).toBe(code)
  })
})
