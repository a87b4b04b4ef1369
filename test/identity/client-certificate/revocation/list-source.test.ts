import 'reflect-metadata'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { DerFault } from '../../../../src/identity/client-certificate/der/der-reader.ts'
import { openListSource } from '../../../../src/identity/client-certificate/revocation/list-source.ts'
import { makeRoot, noon } from '../../../support/certificates/test-authority.ts'
import { heldEffects } from '../../../support/held-effects.ts'
import { loopbackServer } from '../../../support/loopback-server.ts'
import { RecordingLogger } from '../../../support/recording-logger.ts'
import { silentLogger } from '../../../support/silent-logger.ts'
import { hours } from './list-plans.ts'

const root = await makeRoot()

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
    await expect(source.refresh()).rejects.toThrow(DerFault)
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
