import {
  mkdir,
  mkdtemp,
  rename,
  rm,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WatchedKey } from '../../src/keys/watched-key.ts'
import { containing, having, lacking } from './matchers.ts'
import { issue, type Issued } from './test-certificates.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-keys-'))
})
afterEach(() => rm(folder, { recursive: true }))

const files = () => ({ certificate: join(folder, 'tls.crt'), privateKey: join(folder, 'tls.key') })

async function write({ certificatePem, keyPem }: Issued): Promise<void> {
  await writeFile(files().certificate, certificatePem)
  await writeFile(files().privateKey, keyPem)
}

function watch(onPause: () => Promise<void> | void = () => undefined) {
  const seen = { faults: [] as unknown[], pauses: 0, now: new Date('2030-01-01') }
  const effects = {
    now: () => seen.now,
    sleep: async () => {
      seen.pauses += 1
      await onPause()
    },
  }
  const key = new WatchedKey(files(), { effects, onFault: (fault) => seen.faults.push(fault) })
  const serial = async () => (await key.current()).certificate?.serialNumber
  return { key, seen, serial }
}

const one = issue({ commonName: 'one' })
const two = issue({ commonName: 'two' })

test('reads files once while they stay as they are', async () => {
  await write(one)
  const { key } = watch()
  const first = await key.current()
  expect(await key.current()).toBe(first)
})

test('takes the new pair when both files were written again', async () => {
  await write(one)
  const { serial } = watch()
  expect(await serial()).toBe(one.certificate.serialNumber)
  await write(two)
  expect(await serial()).toBe(two.certificate.serialNumber)
})

test('notices a file replaced by another of the same size and time', async () => {
  await write(one)
  const time = new Date('2026-01-01')
  await utimes(files().certificate, time, time)
  const { serial } = watch()
  await serial()
  await writeFile(join(folder, 'new'), two.certificatePem)
  await writeFile(files().privateKey, two.keyPem)
  await utimes(join(folder, 'new'), time, time)
  await rename(join(folder, 'new'), files().certificate)
  expect(await serial()).toBe(two.certificate.serialNumber)
})

test('follows the swap of a folder behind a symbolic link, as Kubernetes does it', async () => {
  for (const [name, issued] of Object.entries({ one, two })) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'tls.crt'), issued.certificatePem)
    await writeFile(join(folder, name, 'tls.key'), issued.keyPem)
  }
  await symlink('one', join(folder, '..data'))
  await symlink('..data/tls.crt', files().certificate)
  await symlink('..data/tls.key', files().privateKey)
  const { serial } = watch()
  expect(await serial()).toBe(one.certificate.serialNumber)
  await symlink('two', join(folder, 'next'))
  await rename(join(folder, 'next'), join(folder, '..data'))
  expect(await serial()).toBe(two.certificate.serialNumber)
})

describe('in the middle of a rotation', () => {
  test('waits for the second file of the pair', async () => {
    await write(one)
    const { serial, seen } = watch(() => writeFile(files().privateKey, two.keyPem))
    await serial()
    await writeFile(files().certificate, two.certificatePem)
    expect(await serial()).toBe(two.certificate.serialNumber)
    expect(seen).toMatchObject({ pauses: 1, faults: [] })
  })

  test('goes on with the former pair, says why, and takes the new one when it is whole', async () => {
    await write(one)
    const { serial, seen } = watch()
    await serial()
    await writeFile(files().certificate, two.certificatePem)
    expect(await serial()).toBe(one.certificate.serialNumber)
    expect(seen.faults).toEqual([having({ code: 'key_mismatch' })])
    const waited = seen.pauses
    await serial()
    expect(seen.pauses).toBe(waited)
    await writeFile(files().privateKey, two.keyPem)
    expect(await serial()).toBe(two.certificate.serialNumber)
  })

  test.for([
    ['gone', () => unlink(files().certificate)],
    ['empty', () => truncate(files().certificate)],
    ['half written', () => truncate(files().privateKey, 60)],
  ] as const)('keeps the former pair when a file is %s', async ([, spoil]) => {
    await write(one)
    const { serial } = watch()
    await serial()
    await spoil()
    expect(await serial()).toBe(one.certificate.serialNumber)
  })

  test('does not go on with a certificate that has expired', async () => {
    await write(one)
    const { serial, seen } = watch()
    await serial()
    await unlink(files().privateKey)
    seen.now = new Date('2040-01-01')
    await expect(serial()).rejects.toEqual(having({ code: 'file_unreadable' }))
  })

  test('does not take a pair that was replaced while it was read', async () => {
    const keyPem = one.privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    })
    await write({ ...one, keyPem: keyPem.toString() })
    const effects = { now: () => new Date('2030-01-01'), sleep: () => Promise.resolve() }
    const ask = async (): Promise<string> => {
      await write(two)
      return 'x'
    }
    const { certificate } = await new WatchedKey(files(), { effects, ask }).current()
    expect(certificate?.serialNumber).toBe(two.certificate.serialNumber)
  })

  test('reads once for many who ask at the same time', async () => {
    await write(one)
    const { key, seen } = watch()
    const signers = await Promise.all(Array.from({ length: 20 }, () => key.current()))
    expect(new Set(signers).size).toBe(1)
    expect(seen.pauses).toBe(0)
  })
})

describe('at the start', () => {
  test('says which file is missing, and its path to the log alone', async () => {
    const { key } = watch()
    await expect(key.current()).rejects.toEqual(
      having({
        code: 'file_unreadable',
        message: lacking(folder),
        detail: containing('tls.crt'),
      }),
    )
  })

  test('refuses a folder and a file of more than a megabyte', async () => {
    await write(one)
    await writeFile(files().privateKey, 'x'.repeat(1024 * 1024 + 1))
    await expect(watch().key.current()).rejects.toMatchObject({
      detail: containing('larger'),
    })
    await unlink(files().privateKey)
    await mkdir(files().privateKey)
    await expect(watch().key.current()).rejects.toMatchObject({ code: 'file_unreadable' })
  })

  test('asks for a passphrase once when it is wrong', async () => {
    const path = new URL('./fixtures/ec-aes.p12', import.meta.url).pathname
    let asked = 0
    const key = new WatchedKey(
      { certificate: path },
      {
        effects: { now: () => new Date(), sleep: () => Promise.resolve() },
        ask: () => {
          asked += 1
          return 'swordfish'
        },
      },
    )
    await expect(key.current()).rejects.toMatchObject({ code: 'wrong_passphrase' })
    expect(asked).toBe(1)
  })
})
