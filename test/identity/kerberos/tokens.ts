/** DER and GSS tokens as clients build them. */
export function der(tag: number, ...content: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(
    content.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)),
  )
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([Buffer.from([tag, 0x84]), length, body])
}

export const mechanisms = {
  krb5: der(0x06, '2a864886f712010202'),
  msKrb5: der(0x06, '2a864882f712010202'),
  ntlm: der(0x06, '2b06010401823702020a'),
  negoex: der(0x06, '2b06010401823702021e'),
  spnego: der(0x06, '2b0601050502'),
}

export const ntlmNegotiate = Buffer.concat([
  Buffer.from('NTLMSSP\0'),
  Buffer.from('0100000097820862', 'hex'),
])

/** A Kerberos token; everything but the authenticator's cipher is for show. */
export function apReqToken(
  cipher = 'c0ffee',
  tokenId = '0100',
  mechanism = mechanisms.krb5,
): Buffer {
  const encrypted = der(0x30, der(0xa0, '020112'), der(0xa2, der(0x04, cipher)))
  const request = der(
    0x30,
    der(0xa0, '020105'),
    der(0xa1, '02010e'),
    der(0xa2, '03050020000000'),
    der(0xa3, der(0x61, '3000')),
    der(0xa4, encrypted),
  )
  return der(0x60, mechanism, tokenId, der(0x6e, request))
}

/** SPNEGO's first message around a token. */
export function negTokenInit(offered: readonly Buffer[], token?: Buffer): Buffer {
  const fields = [der(0xa0, der(0x30, ...offered))]
  if (token) fields.push(der(0xa2, der(0x04, token)))
  return der(0x60, mechanisms.spnego, der(0xa0, der(0x30, ...fields)))
}

export function negotiate(token: Buffer): string {
  return `Negotiate ${token.toString('base64')}`
}
