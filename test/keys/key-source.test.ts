import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { KeyFault } from '../../src/keys/key-fault.ts'
import { createKeySource } from '../../src/keys/key-source.ts'
import { issue } from './test-certificates.ts'

const effects = {
  now: () => new Date('2026-11-20T09:00:00Z'),
  sleep: async (milliseconds: number) => {
    await delay(milliseconds)
  },
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'postern-key-'))
  onTestFinished(() => {
    rmSync(made, { recursive: true })
  })
  return made
}

test('files are read again when they are renewed', async () => {
  const path = join(folder(), 'both.pem')
  const [first, second] = [issue({ serial: 1n }), issue({ serial: 2n })]
  writeFileSync(path, first.certificatePem + first.keyPem)
  const source = createKeySource({ certificate: path }, { effects })
  expect((await source.current()).certificate?.serialNumber).toBe('01')
  writeFileSync(path, second.certificatePem + second.keyPem)
  expect((await source.current()).certificate?.serialNumber).toBe('02')
})

test('the former key goes on while the new one is half-written, also after a failed call', async () => {
  const path = join(folder(), 'both.pem')
  const first = issue({ serial: 1n })
  writeFileSync(path, first.certificatePem + first.keyPem)
  const faults: unknown[] = []
  const source = createKeySource(
    { certificate: path },
    { effects, onFault: (fault) => faults.push(fault) },
  )
  await source.current()
  await source.reopen()
  writeFileSync(path, first.certificatePem.slice(0, 100))
  expect((await source.current()).certificate?.serialNumber).toBe('01')
  expect(faults[0]).toBeInstanceOf(KeyFault)
})

test('a token that is not there is told each time, and looked for each time', async () => {
  const certificate = 'pkcs11:token=none'
  const source = createKeySource(
    { certificate, pkcs11Library: '/nonexistent/module.so' },
    { effects },
  )
  await expect(source.current()).rejects.toThrow(KeyFault)
  await expect(source.current()).rejects.toThrow(KeyFault)
  await source.reopen()
})
