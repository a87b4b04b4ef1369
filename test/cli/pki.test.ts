import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { leafShortcomings } from '../../src/keys/leaf-requirements.ts'
import { signerFrom } from '../../src/keys/key-material.ts'
import { arns, type CliLab, cliLab, parsed } from './cli-lab.ts'

function openssl(lab: CliLab, ...args: readonly string[]): string {
  return execFileSync('openssl', args, {
    cwd: join(lab.home, 'pki'),
    encoding: 'utf8',
    stdio: 'pipe',
  })
}

describe('pki', () => {
  test.for([
    ['ec-p256', []],
    ['ec-p384', ['--intermediate']],
    ['rsa-2048', ['--intermediate']],
  ] as const)(
    'makes an authority of %s whose certificates openssl verifies: %j',
    async ([type, more]) => {
      const lab = await cliLab()
      expect(
        (await lab.run(['pki', 'init', '--key-type', type, '--name', 'My, CA', ...more])).code,
      ).toBe(0)
      const issued = await lab.run([
        'pki',
        'issue',
        'alice',
        '--key-type',
        type,
        '--organization',
        'Acme',
        '--days',
        '7',
      ])
      expect([issued.code, issued.stdout]).toEqual([0, ''])
      const server = [
        'pki',
        'issue',
        'web',
        '--usage',
        'server',
        '--dns',
        'web.corp.example',
        '--dns',
        'www',
        '--ip',
        '127.0.0.1',
      ]
      expect((await lab.run([...server, '--key-type', type])).code).toBe(0)
      const chain = more.length > 0 ? ['-untrusted', 'intermediate.pem'] : []
      expect(
        openssl(
          lab,
          'verify',
          '-x509_strict',
          '-purpose',
          'sslclient',
          '-CAfile',
          'root.pem',
          ...chain,
          'issued/alice.pem',
        ),
      ).toContain('OK')
      const host = ['-verify_hostname', 'web.corp.example', '-purpose', 'sslserver']
      expect(
        openssl(
          lab,
          'verify',
          '-x509_strict',
          ...host,
          '-CAfile',
          'root.pem',
          ...chain,
          'issued/web.pem',
        ),
      ).toContain('OK')
      const leaf = new X509Certificate(readFileSync(join(lab.home, 'pki/issued/alice.pem')))
      expect(await leafShortcomings(leaf)).toEqual([])
      expect(leaf.subject).toBe('O=Acme\nCN=alice')
      expect(statSync(join(lab.home, 'pki')).mode & 0o777).toBe(0o700)
      for (const key of ['root.key', 'issued/alice.key']) {
        expect(statSync(join(lab.home, 'pki', key)).mode & 0o777).toBe(0o600)
      }
    },
  )

  test('issues what credential-process signs with, chain included', async () => {
    const lab = await cliLab()
    await lab.run(['pki', 'init', '--intermediate'])
    await lab.run(['pki', 'issue', 'alice', '--p12', '--p12-password-file', '-'], {
      input: 'open sesame\n',
    })
    const folder = join(lab.home, 'pki/issued')
    const pem = [
      '--certificate',
      join(folder, 'alice.pem'),
      '--private-key',
      join(folder, 'alice.key'),
    ]
    expect((await lab.run(['credential-process', ...pem, ...arns])).code).toBe(0)
    const p12 = ['--certificate', join(folder, 'alice.p12'), '--pkcs8-password', 'open sesame']
    const second = await lab.run(['credential-process', ...p12, ...arns])
    expect([second.code, second.stderr]).toEqual([0, ''])
    expect(lab.aws.arrived.map(({ headers }) => headers['x-amz-x509-chain'] !== undefined)).toEqual(
      [true, true],
    )
    expect(parsed(second.stdout)['Version']).toBe(1)
    const shown = openssl(
      lab,
      'pkcs12',
      '-in',
      'issued/alice.p12',
      '-passin',
      'pass:open sesame',
      '-nodes',
    )
    expect(shown).toMatch(/PRIVATE KEY[\s\S]*BEGIN CERTIFICATE/)
    const signer = await signerFrom(
      { certificate: readFileSync(join(folder, 'alice.p12')) },
      () => 'open sesame',
    )
    expect(signer.chain).toHaveLength(1)
  })

  test('revokes by name and by serial number, with rising numbers', async () => {
    const lab = await cliLab()
    await lab.run(['pki', 'init'])
    for (const name of ['a', 'b', 'c']) await lab.run(['pki', 'issue', name])
    const check = (name: string): string => {
      try {
        return openssl(
          lab,
          'verify',
          '-crl_check',
          '-CAfile',
          'root.pem',
          '-CRLfile',
          'crl.pem',
          `issued/${name}.pem`,
        )
      } catch (error) {
        return String((error as { stderr: unknown }).stderr)
      }
    }
    expect((await lab.run(['pki', 'crl'])).code).toBe(0)
    expect(check('a')).toContain('OK')
    expect((await lab.run(['pki', 'revoke', 'a'])).code).toBe(0)
    const serial = new X509Certificate(readFileSync(join(lab.home, 'pki/issued/b.pem')))
      .serialNumber
    expect((await lab.run(['pki', 'revoke', serial.match(/../g)?.join(':') ?? ''])).code).toBe(0)
    expect([check('a'), check('b')].every((text) => text.includes('certificate revoked'))).toBe(
      true,
    )
    expect(check('c')).toContain('OK')
    expect(
      openssl(
        lab,
        'crl',
        '-in',
        'crl.pem',
        '-noout',
        '-crlnumber',
        '-verify',
        '-CAfile',
        'root.pem',
      ),
    ).toContain('crlNumber=0x03')
    expect((await lab.run(['pki', 'revoke', 'nobody'])).code).toBe(1)
    expect((await lab.run(['pki', 'revoke', 'a'])).stderr).toContain('revoked before')
  })

  test('overwrites nothing', async () => {
    const lab = await cliLab()
    await lab.run(['pki', 'init'])
    const root = readFileSync(join(lab.home, 'pki/root.key'))
    const again = await lab.run(['pki', 'init'])
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining('nothing is overwritten'),
    ])
    expect(readFileSync(join(lab.home, 'pki/root.key'))).toEqual(root)
    await lab.run(['pki', 'issue', 'alice'])
    const key = readFileSync(join(lab.home, 'pki/issued/alice.key'))
    const twice = await lab.run(['pki', 'issue', 'alice'])
    expect([twice.code, twice.stderr]).toEqual([
      1,
      expect.stringContaining('nothing is overwritten'),
    ])
    expect(readFileSync(join(lab.home, 'pki/issued/alice.key'))).toEqual(key)
  })

  test('loses none of twenty that are issued at once', { timeout: 60_000 }, async () => {
    const lab = await cliLab()
    await lab.run(['pki', 'init'])
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`)
    const all = await Promise.all(names.map((name) => lab.run(['pki', 'issue', name])))
    expect(new Set(all.map(({ code }) => code))).toEqual(new Set([0]))
    const index = parsed(readFileSync(join(lab.home, 'pki/index.json'), 'utf8'))
    expect(index['certificates']).toHaveLength(20)
  })

  test.for([
    [['issue', '../evil'], 'Name the certificate'],
    [['issue'], 'Name the certificate'],
    [['issue', 'x', '--days', '0'], 'The number of days'],
    [['issue', 'x', '--days', '9999'], 'The authority ends before that'],
    [['issue', 'x', '--common-name', 'a\nb'], 'A common name has'],
    [['issue', 'x', '--ip', '1.2.3'], 'is no IP address'],
    [['issue', 'x', '--dns', 'a b'], 'is no DNS name'],
    [['issue', 'x', '--p12'], 'no terminal to ask at'],
    [['issue', 'x', '--p12', '--p12-password-file', 'nowhere'], 'with the password can'],
    [['issue', 'x', '--p12', '--p12-password-file', 'beyond'], 'must be of ASCII'],
    [['issue', 'x', '--uri', 'not a uri'], 'is no URI'],
    [['issue', 'x', '--uri', 'spiffe://ä/x'], 'is no URI'],
    [['issue', 'x', '--email', 'ä@corp.example'], 'is no e-mail address'],
    [['issue', 'x', '--email', 'me'], 'is no e-mail address'],
    [['revoke'], 'See postern pki list'],
  ] as const)('refuses %j', async ([args, message]) => {
    const lab = await cliLab()
    lab.file('beyond', 'pässword')
    await lab.run(['pki', 'init'])
    const { code, stderr } = await lab.run(['pki', ...args])
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
    expect(readdirSync(join(lab.home, 'pki/issued'))).toEqual([])
  })

  test('takes an authority that was broken off for none, and says what to remove', async () => {
    const lab = await cliLab()
    const left = lab.file('pki/intermediate.key', 'half')
    const { code, stderr } = await lab.run(['pki', 'init', '--intermediate'])
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${left} is left from a call`)])
    expect((await lab.run(['pki', 'issue', 'x'])).stderr).toContain('There is no authority')
  })

  test('leaves no half file where the disk is full', async () => {
    const lab = await cliLab()
    lab.program = ['bash', '-c', 'trap "" XFSZ; ulimit -f 0; exec "$@"', '-', ...lab.program]
    const { code, stderr } = await lab.run(['pki', 'init'])
    expect([code, stderr]).toEqual([1, expect.stringMatching(/root.key can't be written: EFBIG/)])
    expect(readdirSync(join(lab.home, 'pki'))).toEqual(['issued'])
  })

  test.runIf(process.platform === 'linux')('ends where no folder can be made', async () => {
    const lab = await cliLab()
    const { code, stderr } = await lab.run(['pki', 'init', '--folder', '/proc/postern/pki'])
    expect([code, stderr]).toEqual([1, expect.stringContaining("can't be made")])
  })

  test('says how to begin', async () => {
    const lab = await cliLab()
    expect((await lab.run(['pki', 'issue', 'x'])).stderr).toContain('postern pki init')
    expect((await lab.run(['pki', '--help'])).stdout).toContain('pki revoke')
  })
})
