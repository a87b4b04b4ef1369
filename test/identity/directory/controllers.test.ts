import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { DirectoryUnavailable } from '../../../src/identity/directory/directory-fault.ts'
import { silentControllerRest } from '../../../src/identity/directory/controllers.ts'
import { freePort } from '../../support/free-port.ts'
import { issue } from '../../keys/test-certificates.ts'
import { countedTries, directoryOf, now, windowsSettings } from './directory-of.ts'
import { windowsDomain, windowsPerson } from './fake-entries.ts'
import { ca, fakeLdapServer, type FakeLdapOptions } from './fake-ldap-server.ts'
import { bindSuccess } from './ldap-wire.ts'
import { matching } from '../../support/matching.ts'

const alice = windowsPerson('alice')
const entries = [alice, ...windowsDomain()]
const typed = { name: 'alice', password: 'right' }
const quick = { connect: 300, answer: 300 }

async function deadUrl(): Promise<string> {
  return `ldaps://localhost:${await freePort()}`
}

/** A server that takes connections and says what it is told, or nothing. */
async function rawServer(says?: Buffer): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    if (says) socket.write(says)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `ldaps://localhost:${address.port}`
}

describe('several controllers', () => {
  test.each([
    ['is dead', deadUrl],
    ['takes connections and says nothing', rawServer],
    ['speaks no TLS', async () => rawServer(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
    ['never answers a bind', async () => (await fakeLdapServer({ bind: () => 'silence' })).url],
    ['hangs up on a bind', async () => (await fakeLdapServer({ bind: () => 'hang-up' })).url],
    ['is busy', async () => (await fakeLdapServer({ bind: () => ({ code: 51 }) })).url],
    [
      'answers with garbage',
      async () => (await fakeLdapServer({ bind: () => Buffer.alloc(600, 0xff) })).url,
    ],
    [
      'claims to send 2 GB',
      async () => (await fakeLdapServer({ bind: () => Buffer.from('3084ffffffff', 'hex') })).url,
    ],
    [
      'never ends a search',
      async () => (await fakeLdapServer({ entries, search: () => 'silence' })).url,
    ],
    [
      'has the certificate of somebody else',
      async () =>
        (await fakeLdapServer({ entries, certificate: issue({ commonName: 'localhost' }) })).url,
    ],
  ])('the second is asked, in bounded time, when the first %s', async (_, first) => {
    const second = await fakeLdapServer({ entries })
    const urls = [await first(), second.url]
    const directory = directoryOf({ ...windowsSettings, urls, timeouts: quick })
    const start = performance.now()
    expect((await directory.verify(typed)).name).toBe('alice')
    expect(performance.now() - start).toBeLessThan(2_500)
  })

  test('one that gave no answer is asked last for a while', async () => {
    let time = now.getTime()
    let silent = true
    const first = await fakeLdapServer({ entries, bind: () => (silent ? 'hang-up' : undefined) })
    const second = await fakeLdapServer({ entries })
    const settings = { ...windowsSettings, urls: [first.url, second.url] }
    const directory = directoryOf(settings, { clock: () => new Date(time) })
    await directory.verify(typed)
    await directory.verify(typed)
    expect([first.accepted, second.accepted]).toEqual([1, 2])
    silent = false
    time += silentControllerRest
    await directory.verify(typed)
    expect([first.accepted, second.accepted]).toEqual([2, 2])
  })

  test('a password that one was given is not given to another', async () => {
    const throttle = countedTries()
    const first = await fakeLdapServer({
      entries,
      bind: (name) => (name === alice.dn ? 'hang-up' : undefined),
    })
    const second = await fakeLdapServer({ entries })
    const settings = { ...windowsSettings, urls: [first.url, second.url] }
    const directory = directoryOf(settings, { throttle })
    await expect(directory.verify(typed)).rejects.toMatchObject({ status: 503 })
    expect(second.accepted).toBe(0)
    expect(throttle.admitted).toHaveLength(1)
  })

  test('when none answers, the log names each with its reason and nobody else reads it', async () => {
    const certificate = issue({ commonName: 'dc2', issuer: ca })
    const urls = [await deadUrl(), (await fakeLdapServer({ certificate })).url]
    const directory = directoryOf({ ...windowsSettings, urls })
    const error: unknown = await directory.verify(typed).catch((reason: unknown) => reason)
    if (!(error instanceof DirectoryUnavailable)) throw new Error('not refused')
    expect(error.status).toBe(503)
    expect(error.detail).toMatch(
      new RegExp(`${urls[0] ?? ''}: .*ECONNREFUSED.*${urls[1] ?? ''}: .*altnames`),
    )
    expect(error.message).not.toContain('localhost')
  })
})

describe('a connection', () => {
  async function refusedBy(options: FakeLdapOptions): Promise<string> {
    const server = await fakeLdapServer({ entries, ...options })
    const startTls = options.startTls !== undefined
    const settings = { ...windowsSettings, urls: [server.url], startTls, timeouts: quick }
    const error: unknown = await directoryOf(settings)
      .verify(typed)
      .then(
        () => undefined,
        (reason: unknown) => reason,
      )
    expect(server.binds).toEqual([])
    await expect.poll(() => server.connections.size).toBe(0)
    const heard = Buffer.concat(server.inTheClear).toString('latin1')
    expect(heard).not.toContain('right')
    expect(heard).not.toContain('service')
    if (!(error instanceof Error && 'detail' in error)) throw new Error('not refused')
    return String(error.detail)
  }

  test.each([
    ['an unknown authority', { certificate: issue({ commonName: 'localhost' }) }, /self-signed/],
    ['another name', { certificate: issue({ commonName: 'dc2', issuer: ca }) }, /altnames/],
    [
      'an expired certificate',
      { certificate: issue({ commonName: 'localhost', issuer: ca, to: new Date('2026-02-01') }) },
      /expired/,
    ],
    ['TLS 1.1', { maxVersion: 'TLSv1.1' }, /protocol|alert|version/i],
    ['StartTLS refused', { startTls: { answer: { code: 2 } } }, /refused with 2/],
    ['StartTLS never answered', { startTls: { answer: 'silence' } }, /no connection/],
    ['StartTLS hung up on', { startTls: { answer: 'hang-up' } }, /ended before/],
    [
      'an answer without a code',
      { startTls: { answer: Buffer.from('30050201017800', 'hex') } },
      /no code/,
    ],
    ['an answer to something else', { startTls: { answer: bindSuccess(7) } }, /something else/],
    ['garbage', { startTls: { answer: Buffer.alloc(9, 0xff) } }, /no LDAP answer/],
    [
      'a negative length',
      { startTls: { answer: Buffer.from('3084fffffffa020101', 'hex') } },
      /StartTLS/,
    ],
    [
      'an endless answer',
      {
        startTls: {
          answer: Buffer.concat([Buffer.from('3083ffffff', 'hex'), Buffer.alloc(5_000)]),
        },
      },
      /no LDAP answer/,
    ],
    [
      'a bind that was answered in the clear',
      { startTls: { injected: Buffer.concat([bindSuccess(2), bindSuccess(3)]) } },
      /more was said/,
    ],
    [
      'the start of such an answer',
      { startTls: { injected: bindSuccess(2).subarray(0, 6) } },
      /more was said/,
    ],
    [
      'StartTLS with an unknown authority',
      { startTls: {}, certificate: issue({ commonName: 'localhost' }) },
      /self-signed/,
    ],
    [
      'a connection that ends once TLS stands',
      { startTls: { hangUpAfter: true } },
      /connection|ECONNRESET/i,
    ],
  ] satisfies [string, FakeLdapOptions, RegExp][])(
    'with %s sees no password',
    async (_, options, reason) => {
      expect(await refusedBy(options)).toMatch(reason)
    },
  )

  test('starts TLS on the plain port where that is configured', async () => {
    const server = await fakeLdapServer({ entries, startTls: {} })
    const settings = { ...windowsSettings, urls: [server.url], startTls: true }
    expect((await directoryOf(settings).verify(typed)).name).toBe('alice')
    expect(Buffer.concat(server.inTheClear)).toHaveLength(31)
  })

  test.each([undefined, {}])(
    'that ends while a try is counted is not opened again, least of all in the clear (%o)',
    async (startTls) => {
      const server = await fakeLdapServer({ entries, ...(startTls && { startTls }) })
      const admit = async (): Promise<boolean> => {
        for (const socket of server.connections) socket.destroy()
        await delay(50)
        return true
      }
      const settings = { ...windowsSettings, urls: [server.url], startTls: startTls !== undefined }
      const directory = directoryOf(settings, { throttle: { ...countedTries(), admit } })
      await expect(directory.verify(typed)).rejects.toMatchObject({ status: 503 })
      expect(server.accepted).toBe(1)
      expect(Buffer.concat(server.inTheClear).toString('latin1')).not.toContain('right')
      expect(server.binds.map(({ name }) => name)).toEqual(['svc@corp.example'])
    },
  )

  test('that sends without end is cut', async () => {
    const endless = Buffer.concat([
      Buffer.from('3084077fffff', 'hex'),
      Buffer.alloc(5 * 1024 * 1024),
    ])
    const server = await fakeLdapServer({ entries, search: () => endless })
    const timeouts = { connect: 1_000, answer: 60_000 }
    const directory = directoryOf({ ...windowsSettings, urls: [server.url], timeouts })
    await expect(directory.verify(typed)).rejects.toMatchObject({
      detail: matching(/sends too much/),
    })
  })
})
