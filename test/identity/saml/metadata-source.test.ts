import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fetchMetadata } from '../../../src/identity/saml/fetch-metadata.ts'
import { MetadataFault } from '../../../src/identity/saml/metadata-fault.ts'
import {
  type MetadataSettings,
  openMetadataSource,
} from '../../../src/identity/saml/metadata-source.ts'
import { isPrivateAddress } from '../../../src/identity/saml/private-address.ts'
import { type Answer, loopbackServer } from '../../support/loopback-server.ts'
import { heldEffects } from '../../support/held-effects.ts'
import { entityXml } from '../../support/saml/idp-metadata.ts'
import { samlCast } from '../../support/saml/saml-cast.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const { idp, nextIdp } = samlCast()
const xml = entityXml({ keys: [{ key: idp }] })
const rotated = entityXml({ keys: [{ key: idp }, { key: nextIdp }] })

async function serve(answer: Answer): Promise<string> {
  return `${(await loopbackServer(answer)).origin}/metadata`
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'postern-metadata-'))
  onTestFinished(async () => rm(path, { recursive: true }))
  return path
}

function settings(location: MetadataSettings['location'], more: Partial<MetadataSettings> = {}) {
  return {
    location,
    entityId: undefined,
    signedBy: [],
    copy: undefined,
    refreshSeconds: 3600,
    allowPrivateAddresses: true,
    ...more,
  }
}

const open = (chosen: MetadataSettings, now = new Date()) =>
  openMetadataSource(chosen, heldEffects(now), silentLogger)

describe('the source of metadata', () => {
  test('reads a file', async () => {
    const file = join(await folder(), 'idp.xml')
    await writeFile(file, xml)
    expect((await open(settings({ file }))).current().entityId).toBe('https://idp.example/entity')
    await expect(open(settings({ file: `${file}.gone` }))).rejects.toThrow(/can not be read/)
  })

  test('fetches, keeps a copy, and lives on it when the provider is away', async () => {
    const copy = join(await folder(), 'copies', 'corp.xml')
    let up = true
    const url = await serve((response) => {
      response.writeHead(up ? 200 : 503).end(up ? xml : 'away')
    })
    await open(settings({ url }, { copy }))
    expect(await readFile(copy, 'utf8')).toBe(xml)
    up = false
    expect((await open(settings({ url }, { copy }))).current().certificates).toHaveLength(1)
    await expect(open(settings({ url }))).rejects.toThrow(/answered 503/)
  })

  test('takes on a new certificate at the next refresh, and keeps what it knows when that fails', async () => {
    let body = xml
    const url = await serve((response) => response.end(body))
    const source = await open(settings({ url }))
    const before = source.current()
    await source.refresh()
    expect(source.current()).toBe(before)
    body = rotated
    await source.refresh()
    expect(source.current().certificates).toHaveLength(2)
    body = '<broken'
    await expect(source.refresh()).rejects.toThrow(MetadataFault)
    expect(source.current().certificates).toHaveLength(2)
  })

  test('does not live on a copy that is no longer valid', async () => {
    const copy = join(await folder(), 'corp.xml')
    const end = new Date(Date.now() + 60_000)
    await writeFile(
      copy,
      entityXml({ keys: [{ key: idp }], attributes: ` validUntil="${end.toISOString()}"` }),
    )
    const url = await serve((response) => response.writeHead(503).end())
    expect((await open(settings({ url }, { copy }))).current().validUntil).toBe(end.getTime())
    const later = new Date(end.getTime() + 1)
    await expect(open(settings({ url }, { copy }), later)).rejects.toThrow(/was valid until/)
  })
})

describe('fetching metadata', () => {
  const fetch = (url: string, more: Partial<Parameters<typeof fetchMetadata>[0]> = {}) =>
    fetchMetadata({
      url,
      dispatcher: heldEffects(new Date()).network.dispatcher,
      timeout: 500,
      maxBytes: 1000,
      allowPrivateAddresses: true,
      ...more,
    })

  test('follows no redirect', async () => {
    const url = await serve((response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    )
    await expect(fetch(url)).rejects.toThrow(/follows no redirects/)
  })

  test('stops at its size', async () => {
    const url = await serve((response) => {
      const timer = setInterval(() => response.write('x'.repeat(400)), 5)
      response.on('close', () => {
        clearInterval(timer)
      })
    })
    await expect(fetch(url)).rejects.toThrow(/larger than 1000 bytes/)
  })

  test('stops at its time, also when bytes drip', async () => {
    const url = await serve((response) => {
      const timer = setInterval(() => response.write('x'), 50)
      response.on('close', () => {
        clearInterval(timer)
      })
    })
    await expect(fetch(url)).rejects.toThrow(/could not be fetched/)
  })

  test.each([
    ['http://idp.example/metadata'],
    ['file:///etc/passwd'],
    ['https://user:secret@idp.example/'],
    ['idp.example'],
  ])('refuses the address %s', async (url) => {
    await expect(fetch(url)).rejects.toThrow(MetadataFault)
  })

  test('reaches no private address unless allowed, whatever name leads there', async () => {
    const hits: string[] = []
    const url = await serve((response, request) => {
      hits.push(request.url)
      response.end(xml)
    })
    await expect(fetch(url, { allowPrivateAddresses: false })).rejects.toThrow(/private address/)
    const leads = {
      allowPrivateAddresses: false,
      resolve: () => Promise.resolve(['203.0.113.1', '10.0.0.1']),
    }
    await expect(fetch('https://idp.example/', leads)).rejects.toThrow(/private address/)
    expect(hits).toEqual([])
  })

  test('connects to the address that was checked', async () => {
    const url = await serve((response) => response.end('hello'))
    const port = new URL(url).port
    const named = fetch(`http://localhost:${port}/`, {
      allowPrivateAddresses: false,
      // As a name that pointed to the internet when it was asked for, and is not asked for again.
      resolve: () => Promise.resolve(['203.0.113.1']),
    })
    await expect(named).rejects.toThrow(/could not be fetched/)
  })

  test.each([
    ['127.0.0.1', true],
    ['10.1.2.3', true],
    ['172.31.0.1', true],
    ['192.168.1.1', true],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['0.0.0.0', true],
    ['255.255.255.255', true],
    ['::1', true],
    ['[::1]', true],
    ['::ffff:10.0.0.1', true],
    ['fd00:ec2::254', true],
    ['fe80::1%eth0', true],
    ['64:ff9b::a00:1', true],
    ['no address', true],
    ['203.0.113.1', false],
    ['8.8.8.8', false],
    ['2606:4700::1111', false],
  ])('knows whether %s is private: %s', (address, expected) => {
    expect(isPrivateAddress(address)).toBe(expected)
  })
})
