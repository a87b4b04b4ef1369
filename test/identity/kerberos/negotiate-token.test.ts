import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KerberosRefusal } from '../../../src/identity/kerberos/kerberos-refusal.ts'
import { readNegotiateToken } from '../../../src/identity/kerberos/negotiate-token.ts'
import { apReqToken, der, mechanisms, negotiate, negTokenInit, ntlmNegotiate } from './tokens.ts'

const { krb5, msKrb5, ntlm, negoex } = mechanisms

function refusalOf(authorization: string | undefined): string {
  try {
    readNegotiateToken(authorization)
    return 'taken'
  } catch (error) {
    if (error instanceof KerberosRefusal) return error.refusal
    throw error
  }
}

describe('a token', () => {
  test.each([
    ['bare', apReqToken()],
    ['in SPNEGO', negTokenInit([krb5], apReqToken())],
    ['as Windows sends it', negTokenInit([msKrb5, krb5, negoex, ntlm], apReqToken())],
    ['of many kilobytes', negTokenInit([msKrb5, krb5], apReqToken('ab'.repeat(40_000)))],
  ])('%s is taken, and its authenticator is what counts', (_, token) => {
    const read = readNegotiateToken(negotiate(token))
    expect(read.text).toBe(token.toString('base64'))
    expect(read.authenticator.toString('hex')).toMatch(/^(c0ffee|(ab){40000})$/)
    expect(readNegotiateToken(`negotiate  ${token.toString('base64')}`)).toEqual(read)
  })

  test.each([
    ['nothing', undefined, 'kerberos_scheme'],
    ['an empty header', '', 'kerberos_scheme'],
    ['another scheme', 'Basic YWxpY2U6cmlnaHQ=', 'kerberos_scheme'],
    ['NTLM by its own scheme', `NTLM ${ntlmNegotiate.toString('base64')}`, 'kerberos_ntlm'],
    ['NTLM', negotiate(ntlmNegotiate), 'kerberos_ntlm'],
    ['NTLM in SPNEGO', negotiate(negTokenInit([ntlm], ntlmNegotiate)), 'kerberos_ntlm'],
    [
      'NTLM said to be Kerberos',
      negotiate(negTokenInit([krb5, ntlm], ntlmNegotiate)),
      'kerberos_ntlm',
    ],
    [
      'NTLM anywhere in a ticket',
      negotiate(apReqToken(ntlmNegotiate.toString('hex'))),
      'kerberos_ntlm',
    ],
    ['no token', 'Negotiate ', 'kerberos_token'],
    ['no token at all', 'Negotiate', 'kerberos_scheme'],
    [
      'two tokens',
      `${negotiate(apReqToken())} ${apReqToken().toString('base64')}`,
      'kerberos_scheme',
    ],
    ['base64url', `Negotiate ${Buffer.alloc(6, 0xff).toString('base64url')}`, 'kerberos_token'],
    ['base64 with trailing bits', 'Negotiate YR==', 'kerberos_token'],
    [
      'base64 without padding',
      `Negotiate ${apReqToken('c0ffee00').toString('base64').replace(/=+$/, '')}x`,
      'kerberos_token',
    ],
    ['more than a ticket', `Negotiate ${'A'.repeat(65_540)}`, 'kerberos_too_large'],
    [
      'another mechanism first',
      negotiate(negTokenInit([negoex, krb5], apReqToken())),
      'kerberos_token',
    ],
    ['SPNEGO without a token', negotiate(negTokenInit([krb5])), 'kerberos_token'],
    ['SPNEGO without mechanisms', negotiate(negTokenInit([], apReqToken())), 'kerberos_token'],
    [
      'SPNEGO in SPNEGO',
      negotiate(negTokenInit([krb5], negTokenInit([krb5], apReqToken()))),
      'kerberos_token',
    ],
    [
      'a second message of SPNEGO',
      negotiate(der(0xa1, der(0x30, der(0xa2, der(0x04, apReqToken()))))),
      'kerberos_token',
    ],
    ['an answer of a server', negotiate(apReqToken('c0ffee', '0200')), 'kerberos_token'],
    ['an error of a server', negotiate(apReqToken('c0ffee', '0300')), 'kerberos_token'],
    [
      'a token of another mechanism',
      negotiate(apReqToken('c0ffee', '0100', negoex)),
      'kerberos_token',
    ],
    ['an empty authenticator', negotiate(apReqToken('')), 'kerberos_token'],
    [
      'bytes behind the token',
      negotiate(Buffer.concat([apReqToken(), Buffer.from('00', 'hex')])),
      'kerberos_token',
    ],
    ['a token that was cut', negotiate(apReqToken().subarray(0, -1)), 'kerberos_token'],
    ['an indefinite length', negotiate(Buffer.from('6080', 'hex')), 'kerberos_token'],
  ])('%s is refused', (_, authorization, refusal) => {
    expect(refusalOf(authorization)).toBe(refusal)
  })

  test('whatever else is refused, and nothing else happens', () => {
    const whole = negTokenInit([msKrb5, krb5], apReqToken())
    const mutated = fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([place, value]) => {
      const bytes = Buffer.from(whole)
      bytes[place] = value
      return bytes
    })
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        refusalOf(negotiate(Buffer.from(bytes)))
      }),
    )
  })
})
