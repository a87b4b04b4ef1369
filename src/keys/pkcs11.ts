import type { X509Certificate } from 'node:crypto'
import { issuersOf } from './certificate.ts'
import type { Cryptoki, ImportModule } from './cryptoki.ts'
import { certificatesOn, type TokenCertificate } from './pkcs11-certificates.ts'
import { certificatesByUri, findCertificate } from './pkcs11-find-certificate.ts'
import { findKey, sessionForKey } from './pkcs11-find-key.ts'
import { defaultPkcs11Library, openPkcs11Library } from './pkcs11-library.ts'
import { type AskPin, Pins } from './pkcs11-pin.ts'
import type { TokenSession } from './pkcs11-token.ts'
import { type Pkcs11Uri, parsePkcs11Uri } from './pkcs11-uri.ts'
import type { Signer } from './signer.ts'

export interface Pkcs11Options {
  /** The module's path; default the URI's `module-path`, else p11-kit's proxy. */
  readonly library?: string | undefined
  readonly askPin?: AskPin | undefined
  /** Use the login's PIN for keys that ask for one at each signature. */
  readonly reusePin?: boolean | undefined
  readonly importModule?: ImportModule | undefined
}

export interface Pkcs11KeyOptions extends Pkcs11Options {
  /** Where the certificate is; or the certificate itself, from a file. Without either, any key that the URI names. */
  readonly certificate?: string | X509Certificate | undefined
  /** Where the key is; default beside the certificate. */
  readonly privateKey?: string | undefined
  /** Sent as they are; default what the token holds above the certificate. */
  readonly chain?: readonly X509Certificate[] | undefined
}

/**
 * A signer for a key on a PKCS#11 token. The certificate is looked for without login first. KeyFault when nothing or too
 * much matches, when the PIN is missing or wrong, and when the token fails. A refused PIN is never tried again.
 */
export async function openPkcs11Signer(options: Pkcs11KeyOptions): Promise<Signer> {
  const certificateUri =
    typeof options.certificate === 'string' ? parsePkcs11Uri(options.certificate) : undefined
  const keyUri = options.privateKey ? parsePkcs11Uri(options.privateKey) : undefined
  const uris = [keyUri, certificateUri].filter((uri) => uri !== undefined)
  return withLibrary(uris, options, async (cryptoki, keep) => {
    const pins = new Pins(uris, options.askPin, options.reusePin === true)
    const found = certificateUri && (await findCertificate(cryptoki, certificateUri, pins))
    const given = typeof options.certificate === 'object' ? options.certificate : undefined
    const leaf = found?.certificate ?? given
    const session = keep(sessionForKey(cryptoki, keyUri, found))
    await pins.login(session)
    const key = await findKey(session, pins, { keyUri, certificateUri, found, leaf })
    const atHand =
      leaf && found
        ? certificatesOn(session, parsePkcs11Uri('pkcs11:')).map(({ certificate }) => certificate)
        : []
    return {
      algorithm: key.algorithm,
      publicKey: leaf?.publicKey,
      certificate: leaf,
      chain: options.chain ?? (leaf ? issuersOf(leaf, atHand) : []),
      sign: (bytes, digest) => key.sign(bytes, digest),
    }
  })
}

/** The certificates that a URI names, on every token that it allows; logs in only where the PIN is in the URI. */
export async function listPkcs11Certificates(
  uri: string,
  options: Pkcs11Options = {},
): Promise<readonly TokenCertificate[]> {
  const parsed = parsePkcs11Uri(uri)
  const listing = await withLibrary([parsed], options, async (cryptoki) => ({
    found: await certificatesByUri(cryptoki, parsed, new Pins([parsed], options.askPin, false)),
  }))
  await listing.close()
  return listing.found
}

async function withLibrary<T extends object>(
  uris: readonly Pkcs11Uri[],
  options: Pkcs11Options,
  use: (cryptoki: Cryptoki, keep: (session: TokenSession) => TokenSession) => Promise<T>,
): Promise<T & { close(): Promise<void> }> {
  const named = uris.map(({ query }) => query['module-path']).find((path) => path !== undefined)
  const path = options.library ?? named ?? defaultPkcs11Library(process.platform)
  const library = await openPkcs11Library(path, options.importModule)
  const kept: TokenSession[] = []
  const close = (): Promise<void> => {
    for (const session of kept.splice(0)) session.close()
    library.release()
    return Promise.resolve()
  }
  try {
    const used = await use(library.cryptoki, (session) => {
      kept.push(session)
      return session
    })
    return { ...used, close }
  } catch (error) {
    await close()
    throw error
  }
}
