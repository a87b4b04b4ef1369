import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** `date/region/service/terminator`, as it stands in the Credential after the key's ID. */
export interface Scope {
  readonly date: string
  readonly region: string
  readonly service: string
  readonly terminator: string
}

/** The signature that the holder of `secret` would have made (hex). `date` is the request's own, `YYYYMMDDTHHMMSSZ`. */
export function sign(secret: string, scope: Scope, date: string, canonical: string): string {
  const { region, service, terminator } = scope
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    date,
    `${scope.date}/${region}/${service}/${terminator}`,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n')
  let key = hmac(Buffer.from(`AWS4${secret}`), scope.date)
  for (const step of [region, service, terminator]) key = hmac(key, step)
  return hmac(key, stringToSign).toString('hex')
}

/** Whether two hex signatures are the same, in constant time. */
export function sameSignature(ours: string, theirs: string): boolean {
  const a = Buffer.from(ours)
  const b = Buffer.from(theirs)
  return a.length === b.length && timingSafeEqual(a, b)
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
