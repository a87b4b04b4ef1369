import { X509Certificate } from 'node:crypto'
import type { Effects } from '../../effects.ts'
import type { Logger } from '../../telemetry/logger.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { fingerprintOf } from './metadata-certificates.ts'
import type { SamlSettings } from './saml-settings.ts'

/** A certificate that a SAML method depends on. */
export interface SamlCertificate {
  readonly method: string
  /** Whose and for what: the provider's, or one of ours. */
  readonly use: 'provider' | 'signing' | 'announced' | 'decryption'
  /** The first 16 hexadecimal digits of SHA-256: enough to find it. */
  readonly fingerprint: string
  /** Milliseconds since the epoch. */
  readonly notAfter: number
}

/** Every certificate of a method: what is known of the provider's, and our own. */
export function samlCertificates(
  { method, keys }: Pick<SamlSettings, 'method' | 'keys'>,
  provider: IdentityProvider | undefined,
): readonly SamlCertificate[] {
  const of = (use: SamlCertificate['use'], certificates: readonly string[]) =>
    certificates.map((certificate) => ({
      method,
      use,
      fingerprint: fingerprintOf(certificate).slice(0, 16),
      notAfter: Date.parse(new X509Certificate(certificate).validTo),
    }))
  return [
    ...of('provider', provider?.certificates ?? []),
    ...of(
      'signing',
      keys.signing.map(({ certificate }) => certificate),
    ),
    ...of('announced', keys.alsoPublish),
    ...of(
      'decryption',
      keys.decryption.map(({ certificate }) => certificate),
    ),
  ]
}

const day = 86_400_000
const warnDays = 30
const everyMilliseconds = day / 2

/** Days that a certificate has left, rounded down; negative once it has expired. */
export function daysLeft({ notAfter }: SamlCertificate, now: Date): number {
  return Math.floor((notAfter - now.getTime()) / day)
}

/** Whether a certificate needs a replacement soon. */
export function endsSoon(certificate: SamlCertificate, now: Date): boolean {
  return certificate.notAfter - now.getTime() < warnDays * day
}

/**
 * Warns of certificates that expire within 30 days, at once and every twelve hours. An expired certificate of a provider
 * goes on verifying, since SAML trusts the key and not its dates; providers tend to change it then, without a word.
 */
export function watchCertificates(
  certificates: () => readonly SamlCertificate[],
  effects: Pick<Effects, 'now' | 'sleep'>,
  logger: Logger,
): Disposable {
  const closing = new AbortController()

  function warn(): void {
    const now = effects.now()
    for (const certificate of certificates().filter((each) => endsSoon(each, now))) {
      const { method, use, fingerprint, notAfter } = certificate
      const expires = new Date(notAfter).toISOString()
      const left = daysLeft(certificate, now)
      const what = left < 0 ? 'has expired' : 'expires soon'
      logger.warn(
        { method, use, fingerprint, expires, daysLeft: left },
        `a SAML certificate ${what}`,
      )
    }
  }

  async function watch(): Promise<void> {
    for (;;) {
      warn()
      await effects.sleep(everyMilliseconds, closing.signal)
    }
  }

  watch().catch((error: unknown) => {
    if (!closing.signal.aborted)
      logger.error({ err: error }, 'SAML certificates are no longer watched')
  })
  return {
    [Symbol.dispose]() {
      closing.abort()
    },
  }
}
