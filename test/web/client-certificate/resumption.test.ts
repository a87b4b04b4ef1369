import { once } from 'node:events'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type CertificateLab, certificateLab } from '../../support/certificates/certificate-lab.ts'

async function open(lab: CertificateLab, options: ConnectionOptions): Promise<TLSSocket> {
  const { port } = new URL(lab.certificates)
  const socket = connect({
    ...{ host: '127.0.0.1', servername: 'localhost', port: Number(port), ca: lab.pki.authority },
    ...options,
  })
  onTestFinished(() => {
    socket.destroy()
  })
  await once(socket, 'secureConnect')
  return socket
}

/** Asks on an open connection. */
async function asked(lab: CertificateLab, socket: TLSSocket): Promise<string> {
  const { host } = new URL(lab.certificates)
  const pieces: string[] = []
  socket.setEncoding('utf8').on('data', (piece: string) => pieces.push(piece))
  socket.write(`GET /api/v1/me HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
  await Promise.race([once(socket, 'end'), once(socket, 'close')])
  return pieces.join('')
}

const holder = ({ pki }: CertificateLab) => {
  const alice = pki.certificates.get('alice')
  return { cert: alice?.certificate, key: alice?.key }
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a session of %s', (version) => {
  const only = { minVersion: version, maxVersion: version }

  test('is not resumed, neither with the certificate nor without', async () => {
    const lab = await certificateLab()
    const sessions: Buffer[] = []
    const first = await open(lab, { ...only, ...holder(lab) })
    first.on('session', (session: Buffer) => sessions.push(session))
    expect(await asked(lab, first)).toContain('200 OK')
    const session = sessions.at(-1) ?? first.getSession()
    if (!session) throw new Error('the client has nothing to resume')
    const nobody = await open(lab, { ...only, session })
    expect(nobody.isSessionReused()).toBe(false)
    expect(await asked(lab, nobody)).toMatch(/^HTTP\/1.1 403 [^]*sent no certificate/)
  })

  test('that began without a certificate gets none by being resumed', async () => {
    const lab = await certificateLab()
    const sessions: Buffer[] = []
    const first = await open(lab, only)
    first.on('session', (session: Buffer) => sessions.push(session))
    expect(await asked(lab, first)).toContain('403 Forbidden')
    const session = sessions.at(-1) ?? first.getSession()
    const second = await open(lab, { ...only, ...(session && { session }) })
    expect(await asked(lab, second)).toContain('403 Forbidden')
    expect(lab.trail.map(({ code }) => code)).toEqual([
      'certificate_missing',
      'certificate_missing',
    ])
  })
})

describe('a connection', () => {
  test('is not renegotiated, so nobody else speaks in the middle of it', async () => {
    const lab = await certificateLab()
    const socket = await open(lab, { maxVersion: 'TLSv1.2', ...holder(lab) })
    const outcome = await new Promise<unknown>((resolve) => {
      socket.once('error', resolve).once('close', () => {
        resolve('closed')
      })
      socket.renegotiate({}, (error) => {
        resolve(error ?? 'renegotiated')
      })
    })
    expect(outcome).not.toBe('renegotiated')
    expect(outcome).not.toBe(null)
  })

  test('by an older TLS is not taken', async () => {
    const lab = await certificateLab()
    const old = open(lab, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' })
    await expect(old).rejects.toThrow(/alert protocol version|unsupported protocol|version/i)
  })
})
