import { resolve } from 'node:path'
import type { Flags } from '../flags/parse-flags.ts'
import type { Surroundings } from '../surroundings.ts'
import { filled } from './filled.ts'

/** Where key and certificate are, as the command line says it. Paths are absolute. */
export interface KeySettings {
  readonly certificate: string | undefined
  readonly privateKey: string | undefined
  readonly intermediates: string | undefined
  readonly certSelector: string | undefined
  readonly systemStoreName: string
  readonly useLatest: boolean
  readonly pkcs11Library: string | undefined
  readonly reusePin: boolean
  readonly tpmKeyPassword: string | undefined
  readonly noTpmKeyPassword: boolean
  readonly password: string | undefined
}

/** `-` for a certificate on standard input. */
export const standardInput = '-'

export function keySettings(flags: Flags, { env }: Pick<Surroundings, 'env'>): KeySettings {
  const optional = (name: string): string | undefined =>
    flags.declares(name) ? flags.filled(name) : undefined
  const on = (name: string): boolean => flags.declares(name) && flags.isOn(name)
  return {
    certificate: located(optional('certificate')),
    privateKey: located(optional('private-key')),
    intermediates: located(optional('intermediates')),
    certSelector: optional('cert-selector'),
    systemStoreName: optional('system-store-name') ?? 'MY',
    useLatest: on('use-latest-expiring-certificate'),
    pkcs11Library: optional('pkcs11-lib') ?? filled(env['PKCS11_MODULE_PATH']),
    reusePin: on('reuse-pin'),
    tpmKeyPassword: optional('tpm-key-password') ?? env['TPM_CHILD_KEY_PASSWORD'],
    noTpmKeyPassword: on('no-tpm-key-password'),
    password: optional('pkcs8-password'),
  }
}

/** Whether a text names something that is no file: a token's object or a TPM's handle. */
export function isElsewhere(text: string): boolean {
  return /^pkcs11:/i.test(text) || text.startsWith('handle:')
}

function located(text: string | undefined): string | undefined {
  return text === undefined || text === standardInput || isElsewhere(text) ? text : resolve(text)
}
