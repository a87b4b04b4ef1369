import { createHash } from 'node:crypto'
import type { Certificate } from '../x509/certificate.ts'
import type { TrustAnchorEntry } from '../world/roles-anywhere.ts'

const LONGEST = 64
const LEGAL = /^[\w+=,.@-]{2,64}$/

/**
 * The source identity: `CN=` and the common name, the bare name where that grows too long, or the serial number
 * without one (IAM Roles Anywhere User Guide). What AWS does about a name that STS wouldn't take is not documented; ours
 * is the serial number.
 */
export function sourceIdentityOf(leaf: Certificate): string {
  const name = leaf.subject.find((attribute) => attribute.name === 'CN')?.value ?? ''
  const prefixed = `CN=${name}`
  const identity = prefixed.length <= LONGEST ? prefixed : name
  return name !== '' && LEGAL.test(identity) ? identity : `ID=${serialHex(leaf)}`
}

/** The session's name unless the profile lets the client choose: the serial number, `0123` for 291. */
export function serialHex({ serial }: Certificate): string {
  const hex = serial.toString(16)
  return hex.padStart(hex.length + (hex.length % 2), '0')
}

/** The subject's ARN, the same for every certificate of one subject. */
export function subjectArn(leaf: Certificate, { arn }: TrustAnchorEntry): string {
  const place = arn.split(':').slice(0, 5).join(':')
  const hash = createHash('sha256').update(`${place} ${leaf.subjectKey}`).digest('hex')
  const uuid = hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return `${place}:subject/${uuid}`
}
