import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { DemoAuthority } from '../../../sandbox/pki/demo-authority.ts'
import { type CertificateLab, certificateLab } from '../../support/certificates/certificate-lab.ts'
import { aroundNow, ownAuthority } from '../../support/certificates/own-authority.ts'
import { serverAuth } from '../../support/certificates/test-authority.ts'

function keptAgent(): Agent {
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => {
    agent.destroy()
  })
  return agent
}

/** The certificate that the listener shows of itself. */
async function shown({ certificates }: CertificateLab): Promise<X509Certificate> {
  const { port } = new URL(certificates)
  const socket = connect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const certificate = socket.getPeerX509Certificate()
  socket.destroy()
  if (!certificate) throw new Error('no certificate')
  return certificate
}

test('an authority that is taken away counts no more, not even on a connection that stays open', async () => {
  const lab = await certificateLab()
  const other = await ownAuthority({ subject: 'CN=Other' })
  const agent = keptAgent()
  expect((await lab.ask('/api/v1/me', 'alice', { agent })).status).toBe(200)
  writeFileSync(join(lab.folder, 'ca.pem'), other.root.pem)
  writeFileSync(join(lab.folder, 'ca.crl'), await other.root.list(aroundNow()))
  await lab.postern.certificates.reload()
  const refused = await lab.ask('/api/v1/me', 'alice', { agent })
  expect([refused.status, lab.trail.at(-1)?.code]).toEqual([403, 'certificate_unknown_authority'])
  const bob = await other.issue({ names: [{ type: 'upn', value: 'bob@corp.example' }] })
  const welcome = await lab.ask('/api/v1/me', undefined, { certificate: bob })
  expect(welcome.text).toContain('bob@corp.example')
})

test('a certificate that is revoked meanwhile is refused on a connection that stays open', async () => {
  const lab = await certificateLab()
  const agent = keptAgent()
  expect((await lab.ask('/api/v1/me', 'alice', { agent })).status).toBe(200)
  const alice = lab.pki.certificates.get('alice')?.certificate ?? ''
  const key = readFileSync(join(lab.folder, 'ca.key'), 'utf8')
  const authority = await DemoAuthority.open({ certificate: lab.pki.authority, key })
  const list = await authority.revocationList([alice], new Date())
  writeFileSync(join(lab.folder, 'ca.crl'), list)
  await lab.postern.certificates.reload()
  expect((await lab.ask('/api/v1/me', 'alice', { agent })).status).toBe(403)
  expect(lab.trail.at(-1)?.code).toBe('certificate_revoked')
})

test('files that change are read again without a word', { timeout: 30_000 }, async () => {
  const lab = await certificateLab()
  const before = await shown(lab)
  const other = await ownAuthority({ subject: 'CN=Server CA' })
  const renewed = await other.issue({ usages: [serverAuth], subject: 'CN=localhost' })
  writeFileSync(join(lab.folder, 'server.pem'), `${renewed.certificate}\n${renewed.key}`)
  await expect
    .poll(async () => (await shown(lab)).fingerprint256, { timeout: 20_000, interval: 250 })
    .not.toBe(before.fingerprint256)
  expect((await shown(lab)).subject).toBe('CN=localhost')
})

test('what can not be read leaves everything as it was, and is told', async () => {
  const lab = await certificateLab()
  const before = await shown(lab)
  writeFileSync(join(lab.folder, 'ca.pem'), 'half a certifi')
  writeFileSync(join(lab.folder, 'server.pem'), '')
  await lab.postern.certificates.reload()
  expect((await lab.ask('/api/v1/me', 'alice')).status).toBe(200)
  expect((await shown(lab)).fingerprint256).toBe(before.fingerprint256)
  expect(lab.logger.text()).toContain('ALARM: certificate files could not be read again')
  const told = await lab.operations('/readyz')
  expect(told).toContain('"certificate files of card"')
  // Nobody is sent elsewhere for this: the former files do.
  expect(JSON.parse(told)).toMatchObject({ status: 'ready' })
})
