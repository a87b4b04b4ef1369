import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keptDemoPki } from '../../sandbox/pki/kept-demo-pki.ts'
import { runAdmin } from '../../src/admin/command-line.ts'
import { examineClientCertificates } from '../../src/admin/doctor/client-certificates.ts'
import { openNetwork, realEffects } from '../../src/effects.ts'
import { base, load, readOnly } from '../config/configuration.ts'
import { directMethod } from '../support/certificates/certificate-lab.ts'
import { capturedIo } from './captured-io.ts'
import { configFile } from './config-file.ts'

let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-admin-'))
  await keptDemoPki(folder, new Date())
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const document = (changes: object = {}) => ({
  ...base,
  signIn: [...base.signIn, { ...directMethod(folder, 8444), ...changes }],
  grants: [...base.grants, { people: 'staff', group: 'certified', roles: [readOnly] }],
})

async function run(...argv: readonly string[]) {
  const { io, text, errors } = capturedIo()
  const code = await runAdmin(argv, io, { POSTERN_CONFIG: configFile(document()) })
  return { code, text: text(), errors: errors() }
}

describe('check-config', () => {
  test('reads the files of client certificates too', async () => {
    expect(await run('check-config')).toMatchObject({ code: 0, errors: '' })
  })

  test('names every file that can not be used, and why', async () => {
    writeFileSync(join(folder, 'ca.pem'), 'no certificate')
    writeFileSync(join(folder, 'ca.crl'), 'no list')
    rmSync(join(folder, 'server.pem'))
    const { code, errors } = await run('check-config')
    expect(code).toBe(1)
    for (const file of ['ca.pem', 'ca.crl', 'server.pem'])
      expect(errors).toContain(join(folder, file))
    expect(errors.split('\n')).toHaveLength(3)
  })

  test('takes no certificate of a person for an authority', async () => {
    const bob = new X509Certificate(readFileSync(join(folder, 'bob.pem')))
    writeFileSync(join(folder, 'ca.pem'), bob.toString())
    const { code, errors } = await run('check-config')
    expect(code).toBe(1)
    expect(errors).toContain('is no authority’s')
  })
})

describe('explain', () => {
  test('knows whom a certificate names', async () => {
    const { code, text } = await run('explain', '--user', 'sandbox/upn/alice@corp.example')
    expect(code).toBe(0)
    expect(text).toContain('alice@corp.example of staff, groups: certified')
    expect(text).toContain('by grants[1], group certified')
  })

  test('knows nobody of an authority or a source that does not stand there', async () => {
    expect((await run('explain', '--user', 'other/upn/alice@corp.example')).code).toBe(2)
    expect((await run('explain', '--user', 'sandbox/email/alice@corp.example')).code).toBe(2)
  })
})

describe('doctor', () => {
  async function examined(changes: object = {}) {
    const network = openNetwork()
    const config = load(document(changes))
    const findings = await examineClientCertificates(config, realEffects(network))
    await network.close()
    return findings.map(({ what, state, says }) => ({ what, state, says }))
  }

  test('says that lists are fresh, and until when', async () => {
    expect(await examined()).toMatchObject([
      { what: 'client certificates of card', state: 'ok' },
      { what: 'revocation list of card', state: 'ok' },
    ])
  })

  test('tells lists that can not be had, and files that can not be read', async () => {
    const revocation = { lists: [{ url: 'http://127.0.0.1:9/ca.crl' }] }
    expect(await examined({ revocation })).toMatchObject([
      { state: 'ok' },
      { state: 'failed', says: 'http://127.0.0.1:9/ca.crl can not be had' },
    ])
    rmSync(join(folder, 'ca.crl'))
    expect(await examined()).toMatchObject([{ state: 'failed' }])
  })

  test('warns of a list that ends soon', async () => {
    const revocation = { lists: [{ file: join(folder, 'ca.crl'), alarm: '720h' }] }
    expect(await examined({ revocation })).toMatchObject([{ state: 'ok' }, { state: 'warning' }])
  })
})
