import { onlyDer, readDer, readDerSequence } from './der-element.ts'
import { KerberosRefusal, type KerberosRefusalCode } from './kerberos-refusal.ts'

/** A token that GSSAPI may see. */
export interface NegotiateToken {
  /** In base64, as it came. */
  readonly text: string
  /** The encrypted authenticator: new with each token, whatever is wrapped around it. */
  readonly authenticator: Buffer
}

/** Windows tickets grow to 48,000 bytes with the groups in them (MaxTokenSize); base64 adds a third. */
export const longestTokenText = 65_536
const ntlm = Buffer.from('NTLMSSP\0')

const spnego = Buffer.from('2b0601050502', 'hex')
/** Kerberos 5 (RFC 4121 §4.1), and as Windows 2000 wrote it (MS-SPNG §1.9). */
const kerberos = ['2a864886f712010202', '2a864882f712010202'].map((hex) => Buffer.from(hex, 'hex'))

// Application and context tags.
const [gssToken, apReq] = [0x60, 0x6e]
const [field0, field2, field4] = [0xa0, 0xa2, 0xa4]
const [sequence, octets, oid] = [0x30, 0x04, 0x06]

/**
 * The token of `Authorization: Negotiate` (RFC 4559 §4.2). KerberosRefusal for everything but one whole Kerberos token:
 * NTLM above all never reaches GSSAPI, wherever in the token it stands.
 */
export function readNegotiateToken(authorization: string | undefined): NegotiateToken {
  const [, scheme = '', text = ''] = /^([A-Za-z]+) +([^ ]*)$/.exec(authorization ?? '') ?? []
  if (/^ntlm$/i.test(scheme)) refuse('kerberos_ntlm')
  if (!/^negotiate$/i.test(scheme)) refuse('kerberos_scheme')
  if (text.length > longestTokenText) refuse('kerberos_too_large')
  const bytes = Buffer.from(text, 'base64')
  // Whatever Node's decoder skips or forgives would reach another decoder behind it.
  if (text === '' || bytes.toString('base64') !== text) refuse('kerberos_token')
  if (bytes.includes(ntlm)) refuse('kerberos_ntlm')
  const authenticator = readAuthenticator(readMechToken(bytes))
  if (!authenticator) refuse('kerberos_token')
  return { text, authenticator }
}

function refuse(refusal: KerberosRefusalCode): never {
  throw new KerberosRefusal(refusal)
}

/** The Kerberos token itself, out of SPNEGO's first message where it is wrapped (RFC 4178 §4.2.1). */
function readMechToken(bytes: Buffer): Buffer | undefined {
  const framed = readFrame(bytes)
  if (!framed?.mechanism.equals(spnego)) return bytes
  const init = onlyDer(onlyDer(framed.inner, field0) ?? Buffer.alloc(0), sequence)
  const fields = init && readDerSequence(init)
  const mechanisms = onlyDer(
    fields?.find(({ tag }) => tag === field0)?.content ?? Buffer.alloc(0),
    sequence,
  )
  const preferred = mechanisms && readDer(mechanisms)
  // With another mechanism first, the token would be for that one, or SPNEGO would ask for a second.
  if (preferred?.tag !== oid || !isKerberos(preferred.content)) return undefined
  return onlyDer(fields?.find(({ tag }) => tag === field2)?.content ?? Buffer.alloc(0), octets)
}

/** The cipher of the authenticator in an AP-REQ (RFC 4120 §5.5.1). */
function readAuthenticator(token: Buffer | undefined): Buffer | undefined {
  const framed = token && readFrame(token)
  if (!framed || !isKerberos(framed.mechanism)) return undefined
  // TOK_ID 01 00: this is an AP-REQ (RFC 4121 §4.1).
  if (framed.inner.readUInt16BE() !== 0x0100) return undefined
  const request = onlyDer(onlyDer(framed.inner.subarray(2), apReq) ?? Buffer.alloc(0), sequence)
  const field = readDerSequence(request ?? Buffer.alloc(0))?.find(({ tag }) => tag === field4)
  const encrypted = readDerSequence(
    onlyDer(field?.content ?? Buffer.alloc(0), sequence) ?? Buffer.alloc(0),
  )
  const cipher = encrypted?.find(({ tag }) => tag === field2)
  const found = cipher && onlyDer(cipher.content, octets)
  return found && found.length > 0 ? found : undefined
}

/** Mechanism and content of a GSS token (RFC 2743 §3.1). */
function readFrame(bytes: Buffer): { mechanism: Buffer; inner: Buffer } | undefined {
  const content = onlyDer(bytes, gssToken)
  const mechanism = content && readDer(content)
  if (mechanism?.tag !== oid || mechanism.rest.length < 2) return undefined
  return { mechanism: mechanism.content, inner: mechanism.rest }
}

function isKerberos(mechanism: Buffer): boolean {
  return kerberos.some((known) => known.equals(mechanism))
}
