import type { Cryptoki } from './cryptoki.ts'
import { KeyFault } from './key-fault.ts'
import { certificatesOn, type TokenCertificate } from './pkcs11-certificates.ts'
import type { Pins } from './pkcs11-pin.ts'
import { noTokenMatches, type Token, tokensOf, TokenSession } from './pkcs11-token.ts'
import type { Pkcs11Uri } from './pkcs11-uri.ts'

/**
 * The certificates that a URI names. Where nothing shows without login and one token is left whose PIN is at hand, it
 * logs in and looks again.
 */
export async function certificatesByUri(
  cryptoki: Cryptoki,
  uri: Pkcs11Uri,
  pins: Pins,
): Promise<readonly TokenCertificate[]> {
  const tokens = tokensOf(cryptoki, uri)
  const open = tokens.flatMap((token) =>
    onToken(cryptoki, token, (session) => certificatesOn(session, uri)),
  )
  const [only] = tokens
  if (open.length > 0 || !only || tokens.length > 1 || !only.needsLogin) return open
  if (!(await pins.isKnown(only))) return open
  const session = new TokenSession(cryptoki, only)
  try {
    await pins.login(session)
    return certificatesOn(session, uri)
  } finally {
    session.close()
  }
}

function onToken<T>(cryptoki: Cryptoki, token: Token, use: (session: TokenSession) => T): T {
  const session = new TokenSession(cryptoki, token)
  try {
    return use(session)
  } finally {
    session.close()
  }
}

/** The one certificate that a URI names. KeyFault `no_match`, `several_matches` or `pin_required`. */
export async function findCertificate(
  cryptoki: Cryptoki,
  uri: Pkcs11Uri,
  pins: Pins,
): Promise<TokenCertificate> {
  const found = await certificatesByUri(cryptoki, uri, pins)
  const distinct = found.filter(
    ({ certificate }, index) =>
      found.findIndex(
        (other) => other.certificate.fingerprint256 === certificate.fingerprint256,
      ) === index,
  )
  const [first] = distinct
  if (distinct.length > 1) {
    throw new KeyFault(
      'several_matches',
      'Several certificates match the PKCS#11 URI. Name one by its object or id.',
    )
  }
  if (first) return first
  const tokens = tokensOf(cryptoki, uri)
  if (tokens.length === 0) throw noTokenMatches()
  const [only] = tokens
  if (only?.needsLogin && tokens.length === 1 && !(await pins.isKnown(only))) {
    throw new KeyFault(
      'pin_required',
      'The token shows no such certificate without a PIN. Give it as pin-value in the PKCS#11 URI.',
    )
  }
  throw new KeyFault('no_match', 'No certificate on the token matches the PKCS#11 URI.')
}
