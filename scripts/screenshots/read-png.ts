import { inflateSync } from 'node:zlib'

/** Pixels of a picture, three bytes each: red, green, blue. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly rgb: Buffer
}

/** Reads what a browser writes: 8 bits a channel, RGB or RGBA, not interlaced (W3C PNG 3rd ed. §11.2.1). */
export function readPng(file: Buffer): Pixels {
  const header = chunks(file, 'IHDR')[0]
  if (!header) throw new Error('no PNG')
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const [depth, colorType, , , interlaced] = header.subarray(8)
  const channels = colorType === 2 ? 3 : colorType === 6 ? 4 : 0
  if (depth !== 8 || channels === 0 || interlaced !== 0) throw new Error('a PNG of another kind')
  const lines = unfiltered(inflateSync(Buffer.concat(chunks(file, 'IDAT'))), {
    length: width * channels,
    count: height,
    channels,
  })
  const rgb = Buffer.alloc(width * height * 3)
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    lines.copy(rgb, pixel * 3, pixel * channels, pixel * channels + 3)
  }
  return { width, height, rgb }
}

function chunks(file: Buffer, wanted: string): Buffer[] {
  const found: Buffer[] = []
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const type = file.toString('latin1', at + 4, at + 8)
    if (type === wanted) found.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)))
  }
  return found
}

interface Lines {
  readonly length: number
  readonly count: number
  readonly channels: number
}

/** Undoes the filter of each line (§9.2). */
function unfiltered(data: Buffer, { length, count, channels }: Lines): Buffer {
  const lines = Buffer.alloc(length * count)
  for (let line = 0; line < count; line += 1) {
    const filter = data[line * (length + 1)] ?? 0
    for (let x = 0; x < length; x += 1) {
      const at = line * length + x
      const left = x < channels ? 0 : (lines[at - channels] ?? 0)
      const up = line === 0 ? 0 : (lines[at - length] ?? 0)
      const corner = x < channels || line === 0 ? 0 : (lines[at - length - channels] ?? 0)
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]
      if (predicted === undefined) throw new Error('a filter that PNG does not have')
      lines[at] = ((data[line * (length + 1) + 1 + x] ?? 0) + predicted) & 255
    }
  }
  return lines
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(estimate - value))
  if (a === undefined || b === undefined || c === undefined) return 0
  return a <= b && a <= c ? left : b <= c ? up : corner
}
