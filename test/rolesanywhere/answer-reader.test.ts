import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AnswerReader, type HttpAnswer } from '../../src/rolesanywhere/answer-reader.ts'

const largest = 1000

/** What a reader makes of a text, taken in pieces that end at these places. */
function read(text: string, cuts: readonly number[] = []): HttpAnswer | undefined {
  const reader = new AnswerReader(largest)
  const bytes = Buffer.from(text)
  const ends = [...cuts.toSorted((a, b) => a - b), bytes.length]
  let found: HttpAnswer | undefined
  let start = 0
  for (const end of ends) {
    const part = bytes.subarray(start, Math.max(start, end))
    start = Math.max(start, end)
    if (part.length > 0) found ??= reader.take(part)
  }
  return found
}

const sized =
  'HTTP/1.1 201 Created\r\nDate: today\r\nX-Two: a\r\nx-two:b \r\nContent-Length: 6\r\n\r\nhällo'
const chunked =
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b\r\n\r\n' +
  '3;name=value\r\nhel\r\n02\r\nlo\r\n0\r\nTrailer: x\r\n\r\n'

describe('an answer', () => {
  test('is read by its length', () => {
    expect(read(sized)).toEqual({
      status: 201,
      headers: { date: 'today', 'x-two': 'a, b', 'content-length': '6' },
      body: 'hällo',
    })
  })

  test('is read by its chunks, after interim answers, without cookies and trailers', () => {
    expect(read(chunked)).toEqual({
      status: 200,
      headers: { 'transfer-encoding': 'chunked' },
      body: 'hello',
    })
  })

  test('is the same however the connection cuts it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(sized, chunked),
        fc.array(fc.nat(chunked.length), { maxLength: 20 }),
        (text, cuts) => {
          expect(read(text, cuts)).toEqual(read(text))
        },
      ),
    )
  })

  test.for([
    'HTTP/1.1 204 No Content\r\n\r\n',
    'HTTP/1.1 304 Not Modified\r\ncontent-length: 7\r\n\r\n',
    'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n',
  ])('may have no body: %j', (text) => {
    expect(read(text)?.body).toBe('')
  })

  test('is not there before its last byte', () => {
    for (const text of [sized, chunked]) expect(read(text.slice(0, -1))).toBeUndefined()
  })

  test('has no header that changes what an object is', () => {
    const headers = read('HTTP/1.1 204 x\r\n__proto__: a\r\nconstructor: b\r\n\r\n')?.headers ?? {}
    expect(Object.entries(headers)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
  })

  const head = 'HTTP/1.1 200 OK\r\n'
  const chunks = `${head}transfer-encoding: chunked\r\n\r\n`
  test.for([
    ['SSH-2.0-OpenSSH_9\r\n\r\n', 'not HTTP/1.1'],
    ['HTTP/2 200\r\n\r\n', 'not HTTP/1.1'],
    ['HTTP/1.1 999 x\r\n\r\n', 'not HTTP/1.1'],
    ['HTTP/1.1 200\nOK\r\n\r\n', 'not HTTP/1.1'],
    [`${head}content-length : 1\r\n\r\n`, 'malformed'],
    [`${head}a: b\r\n folded\r\n\r\n`, 'malformed'],
    [`${head}a: b\nc: d\r\n\r\n`, 'malformed'],
    [`${head}a: \0\r\n\r\n`, 'malformed'],
    [`${head}no colon\r\n\r\n`, 'malformed'],
    [`${head}\r\n`, 'does not say its length'],
    [`${head}content-length: -1\r\n\r\n`, 'does not say its length'],
    [`${head}content-length: 0x5\r\n\r\nhello`, 'does not say its length'],
    [`${head}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`, 'does not say its length'],
    [`${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n`, 'in doubt'],
    [`${head}transfer-encoding: gzip, chunked\r\n\r\n`, 'in doubt'],
    [`${head}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n`, 'in doubt'],
    [`${chunks}\r\n`, 'has no size'],
    [`${chunks}-1\r\n`, 'has no size'],
    [`${chunks}5 5\r\n`, 'has no size'],
    [`${chunks}1ffffffff\r\n`, 'has no size'],
    [`${chunks}2\r\nabc\r\n`, 'another size'],
    [`${head}content-length: 1001\r\n\r\n`, 'larger than 1000'],
    [`${chunks}3e9\r\n`, 'larger than 1000'],
    [`${chunks}3e8\r\n${'x'.repeat(1000)}\r\n1\r\n`, 'larger than 1000'],
    [`${head}a: ${'x'.repeat(70_000)}\r\n\r\n`, 'too long'],
    [head + 'x'.repeat(70_000), 'too long'],
    [`${chunks}1;${'x'.repeat(5_000)}`, 'too long'],
    [`${chunks}0\r\n${'x'.repeat(5_000)}`, 'too long'],
  ] as const)('is refused: %j', ([text, why]) => {
    expect(() => read(text)).toThrow(why)
    // Byte by byte, so that no check relies on what comes together.
    const cuts = Array.from({ length: Math.min(text.length, 2_000) }, (_, index) => index)
    expect(() => read(text, cuts)).toThrow(why)
  })
})
