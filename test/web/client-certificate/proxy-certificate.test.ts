import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { certificateLab } from '../../support/certificates/certificate-lab.ts'
import { forwardedHeaders } from '../../support/certificates/forwarded-headers.ts'
import { ownAuthority } from '../../support/certificates/own-authority.ts'
import type { TlsAsked } from '../../support/certificates/tls-ask.ts'
import { freePort } from '../../support/free-port.ts'
import { codes, pemOf } from './behind-proxy.ts'

describe('a proxy with a certificate of its own', () => {
  async function mutual() {
    const [port, proxies] = [await freePort(), await ownAuthority({ subject: 'CN=Proxies' })]
    const server = new Map<string, string>()
    const lab = await certificateLab({
      files: {
        get 'tls/pair.pem'() {
          return server.get('pair') ?? ''
        },
      },
      config: (folder) => {
        server.set('pair', readFileSync(join(folder, 'server.pem'), 'utf8'))
        const pair = { certificate: '${file:tls/pair.pem}', key: '${file:tls/pair.pem}' }
        return { publicUrl: `https://localhost:${port}`, listen: { port, tls: pair } }
      },
      method: (folder) => {
        writeFileSync(join(folder, 'proxies.pem'), proxies.root.pem)
        return {
          listen: undefined,
          proxy: {
            format: 'nginx',
            addresses: ['127.0.0.1'],
            authorities: [join(folder, 'proxies.pem')],
          },
        }
      },
    })
    const headers = forwardedHeaders('nginx', pemOf(lab, 'alice'))
    const me = (asked: TlsAsked, holder?: string) =>
      lab.askAt(`https://localhost:${port}`, '/api/v1/me', holder, { headers, ...asked })
    return { lab, proxies, me }
  }

  test('is believed, and nobody else is', async () => {
    const { lab, proxies, me } = await mutual()
    const certificate = await proxies.issue({ subject: 'CN=nginx', names: [] })
    expect((await me({ certificate })).text).toContain('alice@corp.example')
    expect((await me({})).status).toBe(403)
    expect((await me({}, 'bob')).status).toBe(403)
    expect((await me({ certificate, from: '127.0.0.2' })).status).toBe(403)
    const namesake = await (await ownAuthority({ subject: 'CN=Proxies' })).issue()
    expect((await me({ certificate: namesake })).status).toBe(403)
    expect(codes(lab).slice(1)).toEqual(Array(4).fill('certificate_header_untrusted'))
    // People's browsers need none.
    expect((await me({ headers: {} })).status).toBe(401)
  })

  test('is no longer believed when its authority was taken away', async () => {
    const { lab, proxies, me } = await mutual()
    const certificate = await proxies.issue({ subject: 'CN=nginx', names: [] })
    expect((await me({ certificate })).status).toBe(200)
    const next = await ownAuthority({ subject: 'CN=Next' })
    writeFileSync(join(lab.folder, 'proxies.pem'), next.root.pem)
    await lab.postern.certificates.reload()
    expect((await me({ certificate })).status).toBe(403)
    const renewed = await next.issue({ subject: 'CN=nginx', names: [] })
    expect((await me({ certificate: renewed })).status).toBe(200)
  })
})
