import { refuse } from './certificate-refusal.ts'
import type { CertificatePath } from './certificate-path.ts'
import { allowsKeyUsage, extendedKeyUsages, keyUsageBits } from './extensions.ts'

const clientAuthentication = '1.3.6.1.5.5.7.3.2'
const smartCardLogon = '1.3.6.1.4.1.311.20.2.2'
const anyUsage = '2.5.29.37.0'
const signsIn = new Set([clientAuthentication, smartCardLogon])

/**
 * Checks that a certificate is meant for signing in: it says client authentication (RFC 5280 §4.2.1.12) or smart card
 * logon, its key may sign, and no authority above it is kept from issuing such. OpenSSL takes certificates that say
 * nothing at all. Throws CertificateRefusal.
 */
export function checkUsage({ leaf, issuers }: CertificatePath): void {
  const usages = extendedKeyUsages(leaf) ?? []
  if (!usages.some((usage) => signsIn.has(usage))) {
    refuse('certificate_usage', usages.length === 0 ? 'no extended key usage' : usages.join(', '))
  }
  if (!allowsKeyUsage(leaf, keyUsageBits.digitalSignature)) {
    refuse('certificate_usage', 'no digitalSignature')
  }
  for (const issuer of issuers) {
    const allowed = extendedKeyUsages(issuer)
    if (allowed && !allowed.some((usage) => usage === anyUsage || signsIn.has(usage))) {
      refuse('certificate_usage', `an authority above it is for ${allowed.join(', ')}`)
    }
  }
}
