import type { Effects } from '../effects.ts'
import { readCertificates, readIntermediates } from './certificate.ts'
import { readKeyFile } from './key-files.ts'
import type { AskSecret, Signer } from './signer.ts'
import { WatchedKey } from './watched-key.ts'

/** Where a key and its certificate are: files, or a token by PKCS#11 URIs (RFC 7512), or a key on a token and a certificate in a file. */
export interface KeyPlace {
  /** Path of a PEM, DER or PKCS#12 file, or a `pkcs11:` URI. */
  readonly certificate: string
  /** Path or URI; beside the certificate when undefined. */
  readonly privateKey?: string | undefined
  /** Path. */
  readonly intermediates?: string | undefined
  /** The PKCS#11 module; p11-kit's proxy when undefined. */
  readonly pkcs11Library?: string | undefined
  /** Gives the passphrase of the key, or the PIN of the token. */
  readonly secret?: AskSecret | undefined
}

export interface KeySourceOptions {
  readonly effects: Pick<Effects, 'now' | 'sleep'>
  /** Told why renewed files could not be used, while the former key goes on. */
  readonly onFault?: ((fault: unknown) => void) | undefined
}

/** A key that may be renewed while the program runs. */
export interface KeySource {
  /** The signer as it is now. KeyFault. */
  current(): Promise<Signer>
  /** Lets go of a token, so that the next call opens it anew: it may have been taken out, or hold a new certificate. */
  reopen(): Promise<void>
}

/** Opens what a place names when it is first needed: files are read again when they change, a token stays open. */
export function createKeySource(place: KeyPlace, options: KeySourceOptions): KeySource {
  const onToken = [place.certificate, place.privateKey].some((where) => isUri(where))
  if (onToken) return tokenSource(place)
  const { effects, onFault } = options
  const watched = new WatchedKey(place, { effects, ask: place.secret, onFault })
  // Files are looked at each time, and the former key is what goes on while new ones are half-written.
  return { current: () => watched.current(), reopen: () => Promise.resolve() }
}

function tokenSource(place: KeyPlace): KeySource {
  let opened: Promise<Signer> | undefined
  const reopen = async (): Promise<void> => {
    const former = opened
    opened = undefined
    await former?.then(
      (signer) => signer.close(),
      () => undefined,
    )
  }
  return {
    async current() {
      const opening = (opened ??= openOnToken(place))
      try {
        return await opening
      } catch (error) {
        if (opened === opening) opened = undefined
        throw error
      }
    },
    reopen,
  }
}

async function openOnToken(place: KeyPlace): Promise<Signer> {
  const { openPkcs11Signer } = await import('./pkcs11.ts')
  const { certificate, privateKey, intermediates, pkcs11Library, secret } = place
  return openPkcs11Signer({
    library: pkcs11Library,
    askPin: secret && (() => secret()),
    certificate: isUri(certificate)
      ? certificate
      : readCertificates(await readKeyFile(certificate, 'certificate'))[0],
    ...(isUri(privateKey) && { privateKey }),
    ...(intermediates !== undefined && {
      chain: readIntermediates(await readKeyFile(intermediates, 'intermediate certificates')),
    }),
  })
}

function isUri(where: string | undefined): where is string {
  return where?.startsWith('pkcs11:') === true
}
