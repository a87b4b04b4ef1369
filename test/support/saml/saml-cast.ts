import type { Cast } from './saml-target.ts'
import { makeTestKey } from './self-signed.ts'

let made: Cast | undefined

/** Fresh keys, made once per run. */
export function samlCast(): Cast {
  made ??= {
    idp: makeTestKey({ subject: 'identity provider' }),
    nextIdp: makeTestKey({ subject: 'identity provider, next' }),
    otherIdp: makeTestKey({ subject: 'another identity provider' }),
    // The same subject as the provider, as an attacker would choose it.
    attacker: makeTestKey({ subject: 'identity provider' }),
    decryption: makeTestKey({ subject: 'service provider, encryption' }),
    serviceProvider: makeTestKey({ subject: 'service provider' }),
  }
  return made
}
