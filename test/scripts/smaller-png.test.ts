import { crc32, deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { smallerPng } from '../../scripts/screenshots/smaller-png.ts'
import { readPng } from '../../scripts/screenshots/read-png.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const numbers = Buffer.alloc(8)
  numbers.writeUInt32BE(data.length, 0)
  numbers.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([numbers.subarray(0, 4), body, numbers.subarray(4)])
}

test.each([0, 1, 2, 3, 4])('reads lines of filter %i as they were meant', (filter) => {
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0])
  // Two lines of two pixels: after the filter's number, what is added to the prediction.
  const lines = Buffer.from([filter, 10, 20, 30, 1, 2, 3, filter, 4, 5, 6, 7, 8, 9])
  const file = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ])
  const expected = [
    [10, 20, 30, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [10, 20, 30, 11, 22, 33, 4, 5, 6, 11, 13, 15],
    [10, 20, 30, 1, 2, 3, 14, 25, 36, 8, 10, 12],
    [10, 20, 30, 6, 12, 18, 9, 15, 21, 14, 21, 28],
    [10, 20, 30, 11, 22, 33, 14, 25, 36, 21, 33, 45],
  ][filter]
  expect([...readPng(file).rgb]).toEqual(expected)
})

test(
  'makes a picture smaller that a browser shows the same',
  { timeout: 30_000 },
  async (context) => {
    if (!hasChromium()) context.skip('needs chromium; install chromium')
    const chromium = await launchChromium()
    try {
      const page = await chromium.newPage({ viewport: { width: 200, height: 100 } })
      await page.setContent('<h1 style="color: #056">Postern</h1>')
      const picture = await page.screenshot()
      const smaller = smallerPng(picture)
      expect(smaller.length).toBeLessThan(picture.length)
      await page.setContent(
        `<body style="margin: 0"><img src="data:image/png;base64,${smaller.toString('base64')}">`,
      )
      const shown = await page.screenshot()
      expect(readPng(shown).rgb.equals(readPng(picture).rgb)).toBe(true)
    } finally {
      await chromium.close()
    }
  },
)
