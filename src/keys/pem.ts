import { KeyFault } from './key-fault.ts'

/** One encapsulated object of a PEM file (RFC 7468 §2). */
export interface PemBlock {
  readonly label: string
  readonly der: Buffer
  /** Carries the headers of traditional PEM encryption (RFC 1421 §4.6.1.1), so `der` is ciphertext. */
  readonly traditionallyEncrypted: boolean
}

const begin = /^-----BEGIN ([A-Z0-9 ]{1,64})-----$/
const base64 = /^[A-Za-z0-9+/]*={0,2}$/

/**
 * The blocks of a PEM text, in order. Prose around them is skipped (RFC 7468 §5.2). KeyFault `bad_pem` when a block
 * has no end or isn't base64.
 */
export function pemBlocks(bytes: Buffer): readonly PemBlock[] {
  const blocks: PemBlock[] = []
  let open: { label: string; body: string[]; headers: string[] } | undefined
  for (const line of lines(bytes)) {
    const label = line.startsWith('-----B') ? begin.exec(line)?.[1] : undefined
    if (label !== undefined) {
      if (open) throw unreadable(`the ${open.label} block has no end`)
      open = { label, body: [], headers: [] }
    } else if (open && line === `-----END ${open.label}-----`) {
      blocks.push(decoded(open.label, open.body.join(''), open.headers.join('\n')))
      open = undefined
    } else if (open) {
      ;(line.includes(':') ? open.headers : open.body).push(line)
    }
  }
  if (open) throw unreadable(`the ${open.label} block has no end`)
  return blocks
}

/** Whether bytes are a PEM text rather than DER, which starts with the tag of a SEQUENCE. */
export function looksLikePem(bytes: Buffer): boolean {
  return bytes[0] !== 0x30 && lines(bytes).some((line) => begin.test(line))
}

// PowerShell's redirection writes UTF-16; and files glued together often lack the line end between them.
function lines(bytes: Buffer): string[] {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  const text = bytes.toString(utf16 ? 'utf16le' : 'utf8')
  return (
    text
      .replaceAll('----------BEGIN ', '-----\n-----BEGIN ')
      .split(/\r\n|\r|\n/)
      // Takes a byte order mark off as well.
      .map((line) => line.trim())
  )
}

function decoded(label: string, body: string, headers: string): PemBlock {
  if (body === '' || body.length % 4 !== 0 || !base64.test(body)) {
    throw unreadable(`the ${label} block is not base64`)
  }
  const traditionallyEncrypted = /^Proc-Type:.*ENCRYPTED/m.test(headers)
  return { label, der: Buffer.from(body, 'base64'), traditionallyEncrypted }
}

function unreadable(why: string): KeyFault {
  return new KeyFault('bad_pem', `The PEM text can't be read: ${why}. Copy or export it again.`)
}
