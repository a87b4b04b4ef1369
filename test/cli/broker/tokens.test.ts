import { chmodSync, chownSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fakeBroker, offered, readOnly } from '../../support/fake-broker.ts'
import { startConnectProxy } from '../../support/connect-proxy.ts'
import { issue } from '../../keys/test-certificates.ts'
import { ended } from '../cli-lab.ts'
import { type FakeBrokerLab, brokerLab } from './broker-lab.ts'

/** Signed in with an access token that has ended. */
async function stale(): Promise<FakeBrokerLab> {
  const lab = await brokerLab()
  lab.broker.accessLife = 0
  await lab.login()
  lab.broker.accessLife = 600
  return lab
}

describe('the tokens', () => {
  test('are renewed by rotation, and kept before they are used', async () => {
    const lab = await stale()
    const before = readFileSync(lab.tokenFile, 'utf8')
    expect((await lab.run(['whoami'])).code).toBe(0)
    expect((await lab.run(['whoami'])).code).toBe(0)
    expect(lab.broker.refreshes).toBe(1)
    expect(readFileSync(lab.tokenFile, 'utf8')).not.toBe(before)
  })

  test(
    'are renewed once by fifty commands at once, each for another role',
    { timeout: 120_000 },
    async () => {
      const lab = await stale()
      lab.broker.refreshDelay = 300
      const roles = Array.from({ length: 50 }, (_, n) => `arn:aws:iam::111111111111:role/R${n}`)
      lab.broker.roles = roles.map((arn) => offered(arn, 'Production'))
      const all = await Promise.all(
        roles.map((role) => ended(lab.start(['credential-process', '--role', role]))),
      )
      expect(all.filter(({ code }) => code !== 0)).toEqual([])
      expect([lab.broker.refreshes, lab.broker.isEnded]).toEqual([1, false])
      expect(lab.broker.sessions).toBe(50)
    },
  )

  test('are renewed where the broker takes one no more before its time', async () => {
    const lab = await brokerLab()
    await lab.login()
    const kept = readFileSync(lab.tokenFile, 'utf8')
    writeFileSync(
      lab.tokenFile,
      kept.replace(/"accessToken":"[^"]+"/, `"accessToken":"${'a'.repeat(43)}"`),
    )
    expect((await lab.run(['whoami'])).code).toBe(0)
    expect(lab.broker.refreshes).toBe(1)
  })

  test('that are used a second time end the sign-in, and it is said what to do', async () => {
    const lab = await stale()
    const stolen = readFileSync(lab.tokenFile, 'utf8')
    expect((await lab.run(['whoami'])).code).toBe(0)
    writeFileSync(lab.tokenFile, stolen)
    const { code, stderr } = await lab.run(['whoami'])
    expect([code, lab.broker.isEnded]).toEqual([3, true])
    expect(stderr).toContain('Your sign-in has ended')
    expect(() => readFileSync(lab.tokenFile)).toThrow('ENOENT')
  })

  test('are not tried when their sign-in has ended', async () => {
    const lab = await brokerLab()
    lab.broker.signInLife = 0
    await lab.login()
    const { code } = await lab.run(['whoami'])
    expect([code, lab.broker.asked]).toEqual([3, []])
  })

  test('stay where they are when the broker does not answer', async () => {
    const lab = await stale()
    lab.broker.instead.set('POST /api/v1/token', (response) => {
      response.destroy()
    })
    expect((await lab.run(['whoami'])).code).toBe(1)
    lab.broker.instead.clear()
    expect((await lab.run(['whoami'])).code).toBe(0)
  })

  test.for([
    [
      'a link',
      (path: string) => {
        renameSync(path, `${path}.real`)
        symlinkSync(`${path}.real`, path)
      },
    ],
    [
      "somebody else's",
      (path: string) => {
        chownSync(path, 12_345, 12_345)
      },
    ],
    [
      'readable by others',
      (path: string) => {
        chmodSync(path, 0o644)
      },
    ],
  ] as const)('are not used from a file that is %s', async ([, spoil]) => {
    const lab = await brokerLab()
    await lab.login()
    spoil(lab.tokenFile)
    const { code, stdout, stderr } = await lab.run(['whoami'])
    expect([code, stdout, lab.broker.asked]).toEqual([1, '', []])
    expect(stderr).toContain(lab.tokenFile)
    expect(stderr).not.toMatch(/\n +at /)
  })

  test('are not used where others may write beside them', async () => {
    const lab = await stale()
    chmodSync(lab.config, 0o777)
    expect((await lab.run(['whoami'])).code).toBe(1)
    expect(lab.broker.asked).toEqual([])
  })

  test('of one broker are never sent to another', async () => {
    const lab = await brokerLab()
    await lab.login()
    const other = await fakeBroker()
    const { code } = await lab.run(['whoami', '--broker', other.origin])
    expect([code, other.asked]).toEqual([3, []])
    // Not even when the file is put in the other's place.
    const kept = readFileSync(lab.tokenFile, 'utf8')
    const place = `${other.origin.replace(/[^\w.-]+/g, '_')}.json`
    writeFileSync(`${lab.config}/tokens/${place}`, kept, { mode: 0o600 })
    const known = `${lab.config}/brokers.json`
    writeFileSync(known, readFileSync(known, 'utf8').replaceAll(lab.broker.origin, other.origin))
    expect((await lab.run(['whoami', '--broker', other.origin])).code).toBe(3)
    expect(other.asked).toEqual([])
  })

  test('follow no redirect', async () => {
    const lab = await brokerLab()
    const other = await fakeBroker()
    await lab.login()
    for (const status of [301, 302, 307, 308]) {
      lab.broker.instead.set('GET /api/v1/me', (response) => {
        response.writeHead(status, { location: `${other.origin}/api/v1/me` }).end()
      })
      const { code, stderr } = await lab.run(['whoami'])
      expect([code, stderr]).toEqual([1, expect.stringContaining('redirects')])
    }
    expect(other.asked).toEqual([])
  })
})

describe('the broker', () => {
  test.for([
    'http://postern.corp.example',
    'ftp://localhost',
    'https://user:secret@localhost',
    'https://localhost/path',
    'https://localhost/?x',
    'javascript:alert(1)',
    'https://',
    '\u001b[31mred',
  ])('is not asked at %j', async (address) => {
    const lab = await brokerLab()
    const { code, stdout, stderr } = await lab.run(['whoami', '--broker', address])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('is not the address of a Postern')
    expect(stderr).not.toMatch(/(?!\n)\p{Cc}/u)
  })

  test('of the last login is the usual one, below POSTERN_BROKER and --broker', async () => {
    const lab = await brokerLab()
    const other = await brokerLab()
    await lab.login()
    const env = { POSTERN_BROKER: '' }
    expect((await lab.run(['whoami'], env)).code).toBe(0)
    expect((await lab.run(['whoami'], { POSTERN_BROKER: other.broker.origin })).code).toBe(3)
    const flag = ['whoami', '--broker', lab.broker.origin]
    expect((await lab.run(flag, { POSTERN_BROKER: other.broker.origin })).code).toBe(0)
    const none = await other.run(['whoami'], env)
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('No broker is named')])
  })

  test('over TLS gets no token where nobody vouches for it, whatever Node is told', async () => {
    const lab = await brokerLab({ tls: true })
    await lab.login()
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' }
    expect((await lab.run(['whoami'], env)).code).toBe(1)
    const proxied = await brokerLab({ host: 'postern.corp.example.test' })
    await proxied.login()
    await using proxy = await startConnectProxy()
    const run = await proxied.run(['whoami'], { ...env, HTTPS_PROXY: proxy.url })
    expect([run.code, proxied.broker.asked]).toEqual([1, []])
    expect(lab.broker.asked).toEqual([])
  })

  test('over TLS is believed when an authority that is named vouches for it', async () => {
    const lab = await brokerLab({ tls: true })
    await lab.login()
    expect((await lab.run(['whoami'])).stderr).toContain('is not trusted')
    const ca = lab.file('ca.pem', lab.broker.ca)
    expect((await lab.run(['whoami', '--ca', ca])).code).toBe(0)
    expect((await lab.run(['whoami'], { AWS_CA_BUNDLE: ca })).code).toBe(0)
    const other = lab.file('other.pem', issue({ authority: true }).certificatePem)
    expect((await lab.run(['whoami', '--ca', other], { AWS_CA_BUNDLE: ca })).code).toBe(1)
  })

  test('takes a certificate in place of a login', async () => {
    const clients = issue({ commonName: 'clients', authority: true, keyUsage: 0x04 })
    const lab = await brokerLab({ clients })
    const ca = lab.file('ca.pem', lab.broker.ca)
    const leaf = issue({ commonName: 'carol', issuer: clients })
    const certificate = lab.file('carol.pem', leaf.certificatePem)
    const key = lab.file('carol.key', leaf.keyPem)
    const proof = ['--certificate', certificate, '--private-key', key]
    const { code, stdout, stderr } = await lab.run(['login', '--ca', ca, ...proof])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toBe(`You are Bob Baker (carol) at ${lab.broker.origin}.\n`)
    // Remembered, with the authority.
    expect((await lab.run(['credential-process', '--role', readOnly])).code).toBe(0)
    expect((await lab.run(['credential-process', '--role', readOnly])).code).toBe(0)
    expect(lab.broker.sessions).toBe(1)
    expect(lab.broker.asked.every(({ headers }) => headers.authorization === undefined)).toBe(true)
    expect((await lab.run(['whoami', '--certificate', 'pkcs11:token=x'])).stderr).toContain(
      'from files only',
    )
  })

  test('takes a Kerberos ticket in place of a login, and it is said what is missing', async () => {
    const lab = await brokerLab()
    const PATH = lab.file('bin/curl', '#!/bin/sh\necho curl 1\n', 0o755).replace('/curl', '')
    const { code, stderr } = await lab.run(['login', '--kerberos'], { PATH })
    expect([code, stderr]).toEqual([1, expect.stringContaining('kerberos@7.0.0')])
  })
})
