import { BrokerError } from '../errors.ts'
import { KeyFault, type KeyFaultCode } from '../keys/key-fault.ts'
import { NotOurs } from './cache/own-files.ts'
import { CliFault } from './cli-fault.ts'
import { logLine } from './log.ts'
import type { Surroundings } from './surroundings.ts'

/** What AWS's helper says in the same case; scripts look for it. */
const helperWords: Partial<Record<KeyFaultCode, string>> = {
  file_unreadable: 'could not parse PEM data',
  bad_pem: 'could not parse PEM data',
  no_certificate: 'could not parse PEM data',
  bad_certificate: 'could not parse certificate',
  bad_chain: 'invalid certificate chain',
  no_private_key: 'unable to parse private key',
  bad_private_key: 'unable to parse private key',
  unsupported_key: 'unable to parse private key',
  unsupported_encryption: 'unable to parse private key',
  passphrase_required: 'unable to read your PKCS#8 private key password',
  wrong_passphrase: 'failed to read private key: incorrect PKCS#8 private key password',
  pin_required: 'one matching slot, but no user PIN provided',
  several_matches: 'multiple matching certificates',
}

/** What to do, where the fault does not say it. */
const advice: Partial<Record<KeyFaultCode, string>> = {
  file_unreadable: ' Check its path, and who may read it.',
}

/** Says what went wrong on standard error; gives the exit code. Nothing that a key, token or answer holds gets there. */
export function reportFault(error: unknown, surroundings: Surroundings): number {
  surroundings.stderr(logLine(describe(error), surroundings))
  return error instanceof CliFault ? error.exitCode : 1
}

/** One line for a foreseen failure; for a defect of ours the whole trace. */
export function describe(error: unknown): string {
  if (error instanceof NotOurs) return `${error.message}. Nothing there is used; remove it.`
  if (!(error instanceof BrokerError)) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  const words = error instanceof KeyFault ? helperWords[error.code] : undefined
  const detail = error.detail === undefined ? '' : ` (${error.detail})`
  const hint = error instanceof KeyFault ? (advice[error.code] ?? '') : ''
  return `${words === undefined ? '' : `${words}: `}${error.message}${hint}${detail}`.replace(
    /[\r\n]+/g,
    ' ',
  )
}
