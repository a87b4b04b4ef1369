/** DER put together by hand, for what no library would write. */
export function der(tag: number, ...parts: readonly (Uint8Array | string)[]): Buffer<ArrayBuffer> {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const { length } = content
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const oids = {
  principal: '060a2b060104018237140203',
  sid: '060a2b060104018237190201',
} as const

/** An otherName with a value of any kind. */
export function otherName(kind: keyof typeof oids, value: Uint8Array): Buffer<ArrayBuffer> {
  return der(0xa0, Buffer.from(oids[kind], 'hex'), der(0xa0, value))
}
