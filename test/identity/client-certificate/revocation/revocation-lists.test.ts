import 'reflect-metadata'
import {
  CRLDistributionPointsExtension,
  Extension,
  KeyUsageFlags,
  X509CrlReason,
} from '@peculiar/x509'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { DerFault } from '../../../../src/identity/client-certificate/der/der-reader.ts'
import { checkRevocation } from '../../../../src/identity/client-certificate/revocation/check-revocation.ts'
import { openListSource } from '../../../../src/identity/client-certificate/revocation/list-source.ts'
import {
  readRevocationList,
  type RevocationList,
} from '../../../../src/identity/client-certificate/revocation/revocation-list.ts'
import { der } from '../../../support/certificates/raw-der.ts'
import { refusalOf } from '../../../support/certificates/refusal-of.ts'
import {
  type ListPlan,
  makeRoot,
  noon,
  type TestCertificate,
} from '../../../support/certificates/test-authority.ts'
import { heldEffects } from '../../../support/held-effects.ts'
import { loopbackServer } from '../../../support/loopback-server.ts'
import { RecordingLogger } from '../../../support/recording-logger.ts'
import { silentLogger } from '../../../support/silent-logger.ts'

const hours = (count: number) => new Date(noon.getTime() + count * 3_600_000)

let root: TestCertificate
let alice: TestCertificate
let bob: TestCertificate
beforeAll(async () => {
  root = await makeRoot()
  alice = await root.issue({ serial: '0a11ce' })
  bob = await root.issue({ serial: '0b0b' })
})

interface Asked {
  readonly leaf?: TestCertificate
  readonly issuers?: readonly TestCertificate[]
  readonly lists: readonly Buffer[]
  readonly failPolicy?: 'hard' | 'soft'
}

async function verdict({ leaf = alice, issuers = [root], lists, failPolicy = 'hard' }: Asked) {
  const read: RevocationList[] = await Promise.all(lists.map(readRevocationList))
  const [first = root, ...rest] = issuers
  const path = {
    leaf: leaf.parsed,
    issuers: [first.parsed, ...rest.map(({ parsed }) => parsed)],
  } as const
  const parts = { lists: () => read, responders: [], failPolicy, logger: silentLogger }
  return refusalOf(async () => {
    await checkRevocation(path, parts, noon)
    return 'good'
  })
}

const good = { accepted: 'good' }
const issuingPoint = (...content: readonly Uint8Array[]) =>
  new Extension('2.5.29.28', true, der(0x30, ...content))
const uri = (text: string) => der(0xa0, der(0xa0, der(0x86, text)))

describe('a certificate', () => {
  test('that its authority revoked is refused, and another one is not', async () => {
    const lists = [await root.list({ revoked: ['0a11ce'] })]
    expect(await verdict({ lists })).toBe('certificate_revoked')
    expect(await verdict({ lists, leaf: bob })).toEqual(good)
  })

  test('that is on hold is refused', async () => {
    const entries = [{ serialNumber: '0a11ce', reason: X509CrlReason.certificateHold }]
    expect(await verdict({ lists: [await root.list({ entries })] })).toBe('certificate_revoked')
  })

  test('without any list can not be told, and the fail policy decides', async () => {
    expect(await verdict({ lists: [] })).toBe('certificate_revocation_unknown')
    expect(await verdict({ lists: [], failPolicy: 'soft' })).toEqual(good)
  })

  test('that was revoked is refused by the soft policy too, and by a stale list', async () => {
    const lists = [await root.list({ revoked: ['0a11ce'], to: hours(-1) })]
    expect(await verdict({ lists, failPolicy: 'soft' })).toBe('certificate_revoked')
  })

  test('with the serial number of one that another authority revoked is not refused', async () => {
    const other = await makeRoot({ subject: 'CN=Other' })
    const lists = [await other.list({ revoked: ['0a11ce'] }), await root.list()]
    expect(await verdict({ lists })).toEqual(good)
  })

  test('with a serial number of a high first bit is found', async () => {
    const leaf = await root.issue({ serial: 'ff00aa' })
    expect(await verdict({ leaf, lists: [await root.list({ revoked: ['ff00aa'] })] })).toBe(
      'certificate_revoked',
    )
  })

  test('is asked about with every authority above it', async () => {
    const issuing = await root.issue({
      subject: 'CN=Issuing',
      ca: true,
      usages: 'none',
      serial: '0c0a',
    })
    const leaf = await issuing.issue()
    const issuers = [issuing, root]
    const list = await issuing.list()
    expect(await verdict({ leaf, issuers, lists: [list] })).toBe('certificate_revocation_unknown')
    expect(await verdict({ leaf, issuers, lists: [list, await root.list()] })).toEqual(good)
    const revoked = await root.list({ revoked: ['0c0a'] })
    expect(await verdict({ leaf, issuers, lists: [list, revoked] })).toBe('certificate_revoked')
  })
})

describe('a list does not clear anybody', () => {
  test.each<[string, ListPlan]>([
    ['that is stale', { to: hours(-1) }],
    ['whose next one is due this very moment', { to: noon }],
    ['from the future', { from: hours(1) }],
    ['signed with SHA-1', { hash: 'SHA-1' }],
    ['that is for authorities alone', { extensions: [issuingPoint(Buffer.from('8201ff', 'hex'))] }],
    [
      'that is a part, and not of this certificate',
      { extensions: [issuingPoint(uri('http://corp.example/1.crl'))] },
    ],
  ])('%s', async (_name, plan) => {
    expect(await verdict({ lists: [await root.list(plan)] })).toBe('certificate_revocation_unknown')
  })

  test('of an authority with the same name and another key', async () => {
    const impostor = await makeRoot()
    expect(await verdict({ lists: [await impostor.list()] })).toBe('certificate_revocation_unknown')
  })

  test('of an authority that may not sign lists', async () => {
    const silent = await makeRoot({ keyUsage: KeyUsageFlags.keyCertSign })
    const leaf = await silent.issue()
    expect(await verdict({ leaf, issuers: [silent], lists: [await silent.list()] })).toBe(
      'certificate_revocation_unknown',
    )
  })

  test('that was changed after it was signed', async () => {
    const list = await root.list({ revoked: ['0a11ce'] })
    list.write('0a11cf', list.indexOf('0a11ce', 'hex'), 'hex')
    expect(await verdict({ lists: [list] })).toBe('certificate_revocation_unknown')
  })
})

test('a part of a list clears those that name it', async () => {
  const points = new CRLDistributionPointsExtension(['http://corp.example/1.crl'])
  const leaf = await root.issue({ more: [points] })
  const part = (name: string) =>
    root.list({ extensions: [issuingPoint(uri(`http://corp.example/${name}.crl`))] })
  expect(await verdict({ leaf, lists: [await part('1')] })).toEqual(good)
  expect(await verdict({ leaf, lists: [await part('2')] })).toBe('certificate_revocation_unknown')
})

test('a list for users clears them', async () => {
  const extensions = [issuingPoint(Buffer.from('8101ff', 'hex'))]
  expect(await verdict({ lists: [await root.list({ extensions })] })).toEqual(good)
})

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

describe('a place of lists', () => {
  const settings = { copy: undefined, refreshSeconds: 3600, alarmSeconds: 3600 }

  async function folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'lists-'))
    onTestFinished(async () => rm(path, { recursive: true }))
    return path
  }

  function pem(list: Buffer): string {
    return `-----BEGIN X509 CRL-----\n${list.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END X509 CRL-----\n`
  }

  test('reads every list of a PEM file', async () => {
    const other = await makeRoot({ subject: 'CN=Other' })
    const file = join(await folder(), 'all.crl')
    await writeFile(file, pem(await root.list()) + pem(await other.list()))
    const source = await openListSource(
      { ...settings, location: { file } },
      heldEffects(noon),
      silentLogger,
    )
    expect(source.lists()).toHaveLength(2)
    expect(source.health(noon)).toMatchObject({ state: 'fresh' })
  })

  test('reads anew, and keeps what it knew when there is nothing good', async () => {
    const file = join(await folder(), 'ca.crl')
    await writeFile(file, await root.list())
    const source = await openListSource(
      { ...settings, location: { file } },
      heldEffects(noon),
      silentLogger,
    )
    await writeFile(file, 'nonsense')
    await expect(source.refresh()).rejects.toThrow()
    expect(source.lists()[0]?.revoked.size).toBe(0)
    await writeFile(file, await root.list({ revoked: ['0a11ce'] }))
    await source.refresh()
    expect(source.lists()[0]?.revoked.size).toBe(1)
  })

  test('does not go back to an older list', async () => {
    const file = join(await folder(), 'ca.crl')
    await writeFile(file, await root.list({ revoked: ['0a11ce'], from: hours(-1) }))
    const source = await openListSource(
      { ...settings, location: { file } },
      heldEffects(noon),
      silentLogger,
    )
    await writeFile(file, await root.list({ from: hours(-2) }))
    await expect(source.refresh()).rejects.toThrow(/older/)
    expect(source.lists()[0]?.revoked.size).toBe(1)
  })

  test('does not start without its file', async () => {
    const location = { file: join(await folder(), 'none.crl') }
    await expect(
      openListSource({ ...settings, location }, heldEffects(noon), silentLogger),
    ).rejects.toThrow(/can not be had/)
  })

  test('raises the alarm before a list goes stale', async () => {
    const logger = new RecordingLogger()
    const file = join(await folder(), 'ca.crl')
    await writeFile(file, await root.list({ to: hours(0.5) }))
    const source = await openListSource(
      { ...settings, location: { file } },
      heldEffects(noon),
      logger,
    )
    expect(source.health(noon).state).toBe('ending')
    expect(source.health(hours(1)).state).toBe('stale')
    expect(logger.text()).toContain('ALARM: a revocation list needs to be renewed')
  })

  test('is fetched, and its last good copy serves when it is gone', async () => {
    const list = await root.list({ revoked: ['0a11ce'] })
    const server = await loopbackServer(
      (response) => response.end(list),
      (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    )
    const copy = join(await folder(), 'copies', 'ca.crl')
    const location = { url: `${server.origin}/ca.crl` }
    const open = async () =>
      openListSource({ ...settings, location, copy }, heldEffects(noon), silentLogger)
    expect((await open()).lists()[0]?.revoked.has('0a11ce')).toBe(true)
    expect(await readFile(copy)).toEqual(list)
    expect((await open()).lists()[0]?.revoked.has('0a11ce')).toBe(true)
    expect(server.received).toHaveLength(2)
  })

  test('starts without it, with an alarm', async () => {
    const logger = new RecordingLogger()
    const server = await loopbackServer((response) => response.writeHead(500).end())
    const location = { url: server.origin }
    const source = await openListSource({ ...settings, location }, heldEffects(noon), logger)
    expect(source.health(noon).state).toBe('missing')
    expect(logger.text()).toContain('ALARM')
  })

  test('is not fetched by plain http from elsewhere', async () => {
    const logger = new RecordingLogger()
    const location = { url: 'http://ca.corp.example/ca.crl' }
    await openListSource({ ...settings, location }, heldEffects(noon), logger)
    expect(logger.text()).toContain('must be https')
  })

  test('is refreshed from time to time until it is closed', async () => {
    const server = await loopbackServer((response) => response.end('nonsense'))
    const effects = heldEffects(noon)
    let left = 3
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const sleep = async (milliseconds: number, signal?: AbortSignal) => {
      left -= 1
      if (left > 0) return effects.sleep(milliseconds, signal)
      resolve(undefined)
      return new Promise<void>((_, reject) => {
        signal?.addEventListener('abort', () => {
          reject(new Error('closed'))
        })
      })
    }
    const source = await openListSource(
      { ...settings, location: { url: server.origin } },
      { ...effects, sleep },
      silentLogger,
    )
    source.start()
    await promise
    source.close()
    expect(server.received).toHaveLength(3)
    expect(effects.pauses).toEqual([3_600_000, 3_600_000])
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
