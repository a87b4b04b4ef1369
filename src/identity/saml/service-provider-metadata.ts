import { encryptionAlgorithms } from './encryption-shape.ts'
import { formatInstant } from './saml-instant.ts'
import { metadataNs, postBinding, protocolNs, redirectBinding, signatureNs } from './saml-names.ts'
import type { SamlSettings } from './saml-settings.ts'
import { escapeXml } from './xml/xml-characters.ts'

const validDays = 7

/**
 * Our metadata for one provider (SAML metadata §2.4.4). During a rotation it names every signing certificate, ours and
 * the coming ones; of the decryption keys only the first, since that is the one to encrypt for. The library's own
 * writer knows one decryption certificate, no redirect logout, no end, and no key transport.
 */
export function serviceProviderMetadata(settings: SamlSettings, now: Date): string {
  const { keys, signed, nameIdFormat } = settings
  const wantAssertionsSigned = signed === 'assertion' || signed === 'both'
  const signing = [...keys.signing.map(({ certificate }) => certificate), ...keys.alsoPublish]
  const [decryption] = keys.decryption
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<md:EntityDescriptor xmlns:md="${metadataNs}" xmlns:ds="${signatureNs}"` +
      ` entityID="${escapeXml(settings.spEntityId)}"` +
      ` validUntil="${formatInstant(now.getTime() + validDays * 86_400_000)}" cacheDuration="PT1H">`,
    `<md:SPSSODescriptor AuthnRequestsSigned="${String(keys.signing.length > 0)}"` +
      ` WantAssertionsSigned="${String(wantAssertionsSigned)}"` +
      ` protocolSupportEnumeration="${protocolNs}">`,
    ...signing.map((certificate) => keyDescriptor('signing', certificate)),
    ...(decryption ? [keyDescriptor('encryption', decryption.certificate, encryptionMethods)] : []),
    ...(keys.signing.length > 0
      ? [redirectBinding, postBinding].map((binding) =>
          endpoint('SingleLogoutService', binding, settings.logoutUrl),
        )
      : []),
    ...(nameIdFormat === undefined
      ? []
      : [`<md:NameIDFormat>${escapeXml(nameIdFormat)}</md:NameIDFormat>`]),
    endpoint(
      'AssertionConsumerService',
      postBinding,
      settings.acsUrl,
      ' index="0" isDefault="true"',
    ),
    '</md:SPSSODescriptor>',
    '</md:EntityDescriptor>',
  ]
  return `${lines.join('\n')}\n`
}

const encryptionMethods = encryptionAlgorithms
  .map((algorithm) => `<md:EncryptionMethod Algorithm="${algorithm}"/>`)
  .join('')

function keyDescriptor(use: string, certificate: string, more = ''): string {
  const base64 = certificate.replace(/-----[^-]+-----|\s/g, '')
  return (
    `<md:KeyDescriptor use="${use}"><ds:KeyInfo><ds:X509Data>` +
    `<ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>${more}</md:KeyDescriptor>`
  )
}

function endpoint(name: string, binding: string, location: string, more = ''): string {
  return `<md:${name} Binding="${binding}" Location="${escapeXml(location)}"${more}/>`
}
