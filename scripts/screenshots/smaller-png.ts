import { crc32, deflateSync } from 'node:zlib'
import { type Pixels, readPng } from './read-png.ts'

const most = 256

/**
 * The picture with a palette, a third of the size: lossless up to 256 colours; beyond, the rarest take the nearest of the
 * most frequent, which on a page of text are shades at the edges of letters.
 */
export function smallerPng(picture: Buffer): Buffer {
  const pixels = readPng(picture)
  const { palette, indexOf } = paletteOf(pixels)
  const { width, height, rgb } = pixels
  const lines = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      lines[y * (width + 1) + 1 + x] = indexOf.get(rgb.readUIntBE((y * width + x) * 3, 3)) ?? 0
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    picture.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.concat(palette.map(channelsOf))),
    chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

interface Palette {
  /** Colours as 24-bit numbers. */
  readonly palette: readonly number[]
  readonly indexOf: ReadonlyMap<number, number>
}

function paletteOf({ rgb }: Pixels): Palette {
  const times = new Map<number, number>()
  for (let at = 0; at < rgb.length; at += 3) {
    const color = rgb.readUIntBE(at, 3)
    times.set(color, (times.get(color) ?? 0) + 1)
  }
  const byFrequency = [...times].sort(([a, m], [b, n]) => n - m || a - b).map(([color]) => color)
  const palette = byFrequency.slice(0, most)
  const indexOf = new Map(palette.map((color, index) => [color, index]))
  for (const color of byFrequency.slice(most)) indexOf.set(color, nearest(color, palette))
  return { palette, indexOf }
}

function nearest(color: number, palette: readonly number[]): number {
  const [r, g, b] = channelsOf(color)
  let best = { index: 0, distance: Infinity }
  for (const [index, candidate] of palette.entries()) {
    const [cr, cg, cb] = channelsOf(candidate)
    const distance =
      ((r ?? 0) - (cr ?? 0)) ** 2 + ((g ?? 0) - (cg ?? 0)) ** 2 + ((b ?? 0) - (cb ?? 0)) ** 2
    if (distance < best.distance) best = { index, distance }
  }
  return best.index
}

function channelsOf(color: number): Buffer {
  return Buffer.of(color >> 16, (color >> 8) & 255, color & 255)
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
