import type { X509Certificate } from 'node:crypto'
import type { Cryptoki } from './cryptoki.ts'
import { KeyFault } from './key-fault.ts'
import { cka, objectAttributes, type TokenCertificate } from './pkcs11-certificates.ts'
import { keyOfCertificate, keysOn, type TokenKey, tokenKey } from './pkcs11-key.ts'
import type { Pins } from './pkcs11-pin.ts'
import { noTokenMatches, tokensOf, TokenSession } from './pkcs11-token.ts'
import { type Pkcs11Uri, parsePkcs11Uri } from './pkcs11-uri.ts'
import { keyAlgorithm } from './signer.ts'

/** A session with the token that the key is on: the one that the key's URI names, else the certificate's. */
export function sessionForKey(
  cryptoki: Cryptoki,
  keyUri: Pkcs11Uri | undefined,
  found: TokenCertificate | undefined,
): TokenSession {
  if (!keyUri && found) return new TokenSession(cryptoki, found.token)
  const tokens = tokensOf(cryptoki, keyUri ?? parsePkcs11Uri('pkcs11:'))
  const beside = found && tokens.find(({ slotId }) => slotId === found.token.slotId)
  const [only] = tokens
  if (beside) return new TokenSession(cryptoki, beside)
  if (!only) throw noTokenMatches()
  if (tokens.length > 1) {
    throw new KeyFault(
      'several_matches',
      'Several tokens match the PKCS#11 URI of the private key. Name one by its token or serial.',
    )
  }
  return new TokenSession(cryptoki, only)
}

/** The key that belongs to the certificate; without a certificate, the one that the URI names. KeyFault otherwise. */
export async function findKey(
  session: TokenSession,
  pins: Pins,
  by: {
    readonly keyUri: Pkcs11Uri | undefined
    readonly certificateUri: Pkcs11Uri | undefined
    readonly found: TokenCertificate | undefined
    readonly leaf: X509Certificate | undefined
  },
): Promise<TokenKey> {
  const uri = by.keyUri ?? by.certificateUri
  const wanted = uri ? objectAttributes(uri) : []
  const pin = (): Promise<string | undefined> => pins.forSignature(session.token)
  if (!by.leaf) {
    const all = (['rsa', 'ec'] as const).flatMap((algorithm) =>
      keysOn(session, algorithm, wanted).map((handle) => tokenKey(session, handle, algorithm, pin)),
    )
    const [only] = all
    if (all.length > 1) {
      throw new KeyFault(
        'several_matches',
        'Several private keys match the PKCS#11 URI. Name one by its object or id.',
      )
    }
    if (only) return only
    throw noKey()
  }
  const algorithm = keyAlgorithm(by.leaf.publicKey)
  if (algorithm !== 'rsa' && algorithm !== 'ec') {
    throw new KeyFault('unsupported_key', 'PKCS#11 tokens can sign with RSA and EC keys here.')
  }
  const direct = await keyOfCertificate(
    session,
    keysOn(session, algorithm, wanted),
    by.leaf,
    algorithm,
    pin,
  )
  if (direct) return direct
  // Found by its label, the certificate may have a key with another; what ties the two is CKA_ID.
  const id = by.keyUri || !by.found || by.found.id.length === 0 ? undefined : by.found.id
  const byId = id ? keysOn(session, algorithm, [{ type: cka.id, value: id }]) : []
  const key = await keyOfCertificate(session, byId, by.leaf, algorithm, pin)
  if (key) return key
  throw noKey()
}

function noKey(): KeyFault {
  return new KeyFault(
    'no_match',
    'No private key on the token belongs to the certificate, or matches the URI.',
  )
}
