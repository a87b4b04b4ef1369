import { execFileSync } from 'node:child_process'
import { chownSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { issue, issuePath } from '../keys/test-certificates.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { arns, type CliLab, cliLab } from './cli-lab.ts'

const command = 'credential-process'

function openssl(lab: CliLab, ...args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: lab.home, stdio: 'pipe' })
}

describe('certificate and key', () => {
  test.for([
    ['PKCS#1', ['rsa', '-traditional'], ['genpkey', '-algorithm', 'rsa']],
    ['SEC 1', ['ec'], ['ecparam', '-name', 'prime256v1', '-genkey', '-noout']],
    ['PKCS#8', ['pkey'], ['ecparam', '-name', 'secp384r1', '-genkey', '-noout']],
  ] as const)(
    'are taken from one file of PEM, with prose around them: %s',
    async ([, form, make]) => {
      const lab = await cliLab()
      openssl(lab, ...make, '-out', 'made.key')
      openssl(lab, ...form, '-in', 'made.key', '-out', 'formed.key')
      openssl(lab, 'req', '-x509', '-key', 'made.key', '-subj', '/CN=made', '-out', 'made.pem')
      execFileSync(
        'sh',
        ['-c', '(echo Bag; cat made.pem; echo and the key; cat formed.key) > both.pem'],
        {
          cwd: lab.home,
        },
      )
      const { code, stderr } = await lab.run([command, '--certificate', 'both.pem', ...arns])
      expect([code, stderr]).toEqual([0, ''])
    },
  )

  test.for([
    ['aes-256-cbc', ['-v2prf', 'hmacWithSHA256']],
    ['aes-128-cbc', ['-v2prf', 'hmacWithSHA1']],
    ['aes-192-cbc', ['-scrypt']],
  ] as const)('may be encrypted with %s and %j', async ([cipher, more]) => {
    const lab = await cliLab()
    const locked = ['pkcs8', '-topk8', '-in', 'client.key', '-out', 'locked.key', '-v2', cipher]
    openssl(lab, ...locked, ...more, '-passout', 'pass:sesame')
    const keys = ['--certificate', 'client.pem', '--private-key', 'locked.key', ...arns]
    const open = await lab.run([command, ...keys, '--pkcs8-password', 'sesame', '--no-cache'])
    expect([open.code, open.stderr]).toEqual([0, ''])
    const wrong = await lab.run([command, ...keys, '--pkcs8-password', 'wrong', '--no-cache'])
    expect([wrong.code, wrong.stdout, wrong.stderr]).toEqual([
      1,
      '',
      expect.stringContaining('failed to read private key: incorrect PKCS#8 private key password'),
    ])
  })

  test('are taken from a PKCS#12 file, with a password or without', async () => {
    const { leaf, intermediate } = issuePath()
    const lab = await cliLab(leaf)
    lab.file('chain.pem', intermediate.certificatePem)
    const bag = [
      'pkcs12',
      '-export',
      '-in',
      'client.pem',
      '-inkey',
      'client.key',
      '-certfile',
      'chain.pem',
    ]
    openssl(lab, ...bag, '-out', 'open.p12', '-passout', 'pass:')
    openssl(lab, ...bag, '-out', 'locked.p12', '-passout', 'pass:sesame')
    const old = ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']
    openssl(lab, ...bag, ...old, '-out', 'legacy.p12', '-passout', 'pass:')
    for (const words of [
      ['open.p12'],
      ['legacy.p12'],
      ['locked.p12', '--pkcs8-password', 'sesame'],
    ]) {
      const { code, stderr } = await lab.run([command, '--certificate', ...words, ...arns])
      expect([code, stderr]).toEqual([0, ''])
      expect(lab.aws.arrived.at(-1)?.headers['x-amz-x509-chain']).toBe(
        intermediate.certificate.raw.toString('base64'),
      )
    }
    const both = ['--certificate', 'open.p12', '--intermediates', 'chain.pem']
    expect((await lab.run([command, ...both, ...arns])).code).toBe(1)
    const wrong = ['--certificate', 'locked.p12', '--pkcs8-password', 'wrong', '--no-cache']
    expect((await lab.run([command, ...wrong, ...arns])).code).toBe(1)
  })
})

/** A folder of authorities with something else in it. */
function folderOf(lab: CliLab): string {
  lab.file('authorities/README', 'none')
  return join(lab.file('authorities/one.pem', lab.aws.authority), '..')
}

describe('the way to AWS', () => {
  test.for([
    ['AWS_CA_BUNDLE', (lab: CliLab) => ({ AWS_CA_BUNDLE: join(lab.home, 'authority.pem') }), ''],
    ['SSL_CERT_FILE', (lab: CliLab) => ({ SSL_CERT_FILE: join(lab.home, 'authority.pem') }), ''],
    ['SSL_CERT_DIR', (lab: CliLab) => ({ SSL_CERT_DIR: `/nowhere:${folderOf(lab)}` }), ''],
    ['ca_bundle of the profile', () => ({ AWS_PROFILE: 'mine' }), 'mine'],
  ] as const)('trusts %s', async ([, env, profile]) => {
    const lab = await cliLab()
    const section = profile ? `[profile ${profile}]\n` : ''
    lab.file('.aws/config', `${section}${profile && `ca_bundle = ${lab.home}/authority.pem\n`}`)
    const words = [command, ...lab.session('--no-cache')]
    const trusting = await lab.run(words, { env: { AWS_CA_BUNDLE: '', ...env(lab) } })
    expect([trusting.code, trusting.stderr]).toEqual([0, ''])
    expect((await lab.run(words, { env: { AWS_CA_BUNDLE: '' } })).code).toBe(1)
  })

  test('says when the CA bundle is missing, or holds no certificate', async () => {
    const lab = await cliLab()
    for (const bundle of ['/nowhere', lab.file('empty.pem', 'nothing')]) {
      const { code, stderr } = await lab.run([command, ...lab.session()], {
        env: { AWS_CA_BUNDLE: bundle },
      })
      expect([code, stderr]).toEqual([1, expect.stringContaining(`The CA bundle ${bundle}`)])
    }
  })

  test('says when there is no authority in a folder', async () => {
    const lab = await cliLab()
    const env = { AWS_CA_BUNDLE: '', SSL_CERT_DIR: lab.home }
    rmSync(join(lab.home, 'authority.pem'))
    rmSync(join(lab.home, 'client.pem'))
    const args = [command, '--certificate', '-', '--private-key', join(lab.home, 'client.key')]
    const { code, stderr } = await lab.run([...args, ...arns], {
      env,
      input: lab.leaf.certificatePem,
    })
    expect([code, stderr]).toEqual([1, expect.stringContaining('Check SSL_CERT_DIR')])
  })

  test.for(['a proxy', 'socks5://proxy.example.test:1080', 'http://'])(
    'does not pass over a proxy that is none: %s',
    async (proxy) => {
      const lab = await cliLab()
      const endpoint = ['--endpoint', 'https://rolesanywhere.example.test']
      const env = { HTTPS_PROXY: proxy, AWS_ENDPOINT_URL_ROLESANYWHERE: '' }
      const { code, stderr } = await lab.run([command, ...lab.session(...endpoint)], { env })
      expect([code, stderr]).toEqual([1, expect.stringContaining('HTTPS_PROXY is no HTTP proxy')])
    },
  )

  test.for([[[]], [['--with-proxy']]] as const)(
    'leads through the proxy of the environment, with %j',
    async ([more]) => {
      const lab = await cliLab()
      await using proxy = await startConnectProxy()
      const port = new URL(lab.aws.endpoint).port
      // The proxy resolves names by itself; this one is known to it alone.
      const endpoint = ['--endpoint', `https://rolesanywhere.example.test:${port}`]
      const env = { HTTPS_PROXY: proxy.url, AWS_ENDPOINT_URL_ROLESANYWHERE: '' }
      const words = [command, ...lab.session(...endpoint, '--no-verify-ssl', '--no-cache', ...more)]
      const { code, stderr } = await lab.run(words, { env })
      expect([code, stderr]).toEqual([0, ''])
      expect(proxy.asked).toEqual([`rolesanywhere.example.test:${port}`])
      // Without its scheme, as others take it too.
      const bare = { ...env, HTTPS_PROXY: proxy.url.replace('http://', '') }
      expect((await lab.run(words, { env: bare })).code).toBe(0)
      expect(proxy.asked).toHaveLength(2)
      const direct = await lab.run(words, { env: { ...env, NO_PROXY: '.example.test' } })
      expect([direct.code, proxy.asked.length]).toEqual([1, 2])
      // Loopback is this machine's own, and no proxy's.
      const loopback = [command, ...lab.session('--no-cache', ...more)]
      expect((await lab.run(loopback, { env: { HTTPS_PROXY: proxy.url } })).code).toBe(0)
      expect(proxy.asked).toHaveLength(2)
    },
  )
})

test.runIf(process.getuid?.() === 0)(
  'a cache that belongs to somebody else is not used',
  async () => {
    const lab = await cliLab(issue({ commonName: 'owner' }))
    await lab.run([command, ...lab.session()])
    const [name = ''] = lab.cached()
    chownSync(join(lab.home, '.cache/postern', name), 12_345, 12_345)
    const { code, stderr } = await lab.run([command, ...lab.session()])
    expect([code, stderr]).toEqual([0, expect.stringContaining('belongs to somebody else')])
    expect(lab.aws.arrived).toHaveLength(2)
  },
)
