import { z } from 'zod'
import { secret, text } from './scalars.ts'

const file = (what: string) =>
  text({ max: 1024 }).meta({ description: what, examples: ['keys/postern.pem'] })

/** Where a certificate with its key is. Paths start at the configuration file; files are read again when they change. */
export const keyPlace = {
  certificate: file('Path of the certificate (PEM, DER or PKCS#12), or a pkcs11: URI.'),
  privateKey: text({ max: 1024 })
    .optional()
    .meta({
      description: 'Path of the private key, or a pkcs11: URI; beside the certificate unless set.',
      examples: ['keys/postern.key'],
    }),
  intermediates: text({ max: 1024 })
    .optional()
    .meta({
      description: 'Path of the certificates between this one and the trust anchor.',
      examples: ['keys/intermediates.pem'],
    }),
  passphrase: secret()
    .optional()
    .meta({
      description: 'Passphrase of the key, or PIN of the token.',
      examples: ['${file:keys/passphrase}'],
    }),
  pkcs11Library: text({ max: 1024 })
    .optional()
    .meta({
      description: "Path of the PKCS#11 module; p11-kit's proxy unless set.",
      examples: ['/usr/lib/softhsm/libsofthsm2.so'],
    }),
}

/** The same as a mapping of its own. */
export const keyPlaceObject = z.strictObject(keyPlace)
export type KeyPlaceSettings = z.output<typeof keyPlaceObject>
