import 'reflect-metadata'
import { Extension } from '@peculiar/x509'
import { describe, expect, test } from 'vitest'
import { DerFault } from '../../../../src/identity/client-certificate/der/der-reader.ts'
import { readRevocationList } from '../../../../src/identity/client-certificate/revocation/revocation-list.ts'
import { der } from '../../../support/certificates/raw-der.ts'
import { makeRoot } from '../../../support/certificates/test-authority.ts'
import { issuingPoint } from './list-plans.ts'

const root = await makeRoot()

describe('does not read', () => {
  test.each<[string, () => Promise<Buffer>]>([
    [
      'a delta list',
      async () =>
        root.list({ extensions: [new Extension('2.5.29.27', true, Buffer.from('020101', 'hex'))] }),
    ],
    [
      'an indirect list',
      async () => root.list({ extensions: [issuingPoint(Buffer.from('8401ff', 'hex'))] }),
    ],
    [
      'a list for some reasons',
      async () => root.list({ extensions: [issuingPoint(Buffer.from('83020780', 'hex'))] }),
    ],
    [
      'a critical extension that nobody knows',
      async () =>
        root.list({ extensions: [new Extension('1.2.3', true, Buffer.from('0500', 'hex'))] }),
    ],
    [
      'an entry about another authority',
      async () =>
        root.list({
          entries: [
            {
              serialNumber: '01',
              extensions: [new Extension('2.5.29.29', true, Buffer.from('3000', 'hex'))],
            },
          ],
        }),
    ],
    ['a certificate', async () => Promise.resolve(root.der)],
    ['half a list', async () => (await root.list()).subarray(0, 100)],
    ['nothing', async () => Promise.resolve(Buffer.alloc(0))],
  ])('%s', async (_name, make) => {
    await expect(make().then(readRevocationList)).rejects.toThrow(DerFault)
  })
})

test('reads a list of fifty thousand entries and lets others go on meanwhile', async () => {
  const entry = (index: number) => {
    const serial = Buffer.alloc(8)
    serial.writeUInt32BE(index + 1, 4)
    serial[0] = 1
    return der(0x30, der(0x02, serial), Buffer.from('170d3330303533313132303030305a', 'hex'))
  }
  const entries = Buffer.concat(Array.from({ length: 50_000 }, (_, index) => entry(index)))
  const long = (tag: number, ...parts: Uint8Array[]) => {
    const content = Buffer.concat(parts)
    const size = Buffer.alloc(5, 0x84)
    size.writeUInt32BE(content.length, 1)
    size[0] = 0x83
    return Buffer.concat([Buffer.from([tag, 0x83]), size.subarray(2), content])
  }
  const algorithm = Buffer.from('300a06082a8648ce3d040302', 'hex')
  const time = Buffer.from('170d3330303533313132303030305a', 'hex')
  const signed = long(
    0x30,
    Buffer.from('020101', 'hex'),
    algorithm,
    root.parsed.subject,
    time,
    time,
    long(0x30, entries),
  )
  const list = long(0x30, signed, algorithm, der(0x03, Buffer.from([0, 1])))
  let turns = 0
  const timer = setInterval(() => (turns += 1), 1)
  const started = performance.now()
  const { revoked } = await readRevocationList(list)
  clearInterval(timer)
  expect(revoked.size).toBe(50_000)
  expect(turns).toBeGreaterThan(3)
  expect(performance.now() - started).toBeLessThan(2_000)
})
