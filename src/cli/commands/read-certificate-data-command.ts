import { readingExclusions, readingFlags } from '../flags/request-flags.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'

export const readCertificateDataCommand: Command = {
  name: 'read-certificate-data',
  summary: 'Show a certificate, or those of a token or store',
  description:
    'Prints key type, certificate, serial number and algorithms of a certificate file as JSON; of a PKCS#11 token or the ' +
    'certificate store, lists the certificates that match. With --json it says the same of each, and until when it holds.',
  flags: [...readingFlags, jsonFlag],
  exclusions: readingExclusions,
  examples: [
    'postern read-certificate-data --certificate client.pem',
    "postern read-certificate-data --certificate 'pkcs11:token=yubikey'",
  ],
  load: () => import('./read-certificate-data.ts'),
}
