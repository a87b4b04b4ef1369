import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { preparePrivateFolder, writePem } from '../../src/cli/setup/private-folder.ts'
import { callerThrough } from '../../src/cli/setup/caller-through.ts'
import { placesOf, systemTool } from '../../src/cli/stores/system-tool.ts'
import { quoteWords } from '../../src/cli/setup/quote-words.ts'
import { scheduleLines } from '../../src/cli/setup/schedule-lines.ts'
import { issue } from '../keys/test-certificates.ts'
import { arns, type CliLab, cliLab, type Outcome } from './cli-lab.ts'
import { heldSurroundings } from './held-surroundings.ts'

function pfx(lab: CliLab, password: string): string {
  const path = join(lab.home, 'my cert.pfx')
  execFileSync(
    'openssl',
    [
      'pkcs12',
      '-export',
      '-in',
      join(lab.home, 'client.pem'),
      '-inkey',
      join(lab.home, 'client.key'),
      '-out',
      path,
      '-passout',
      `pass:${password}`,
    ],
    { stdio: 'pipe' },
  )
  return path
}

/** Without the aws command, so that the check runs the profile's own command. */
async function setup(lab: CliLab, more: readonly string[], input?: string): Promise<Outcome> {
  const args = ['setup', 'roles-anywhere', ...arns, ...more]
  return lab.run(args, { env: { PATH: '/nowhere' }, ...(input !== undefined && { input }) })
}

describe('setup roles-anywhere', () => {
  test('makes a private copy and a profile that works, and logs each step', async () => {
    const lab = await cliLab()
    const before = '# mine\n[default]\nregion = eu-west-1\n\n[profile other]\n# keep\noutput = json'
    const config = lab.file('.aws/config', before)
    const outcome = await setup(lab, ['--pfx', pfx(lab, ''), '--region', 'eu-west-1'])
    expect([outcome.code, outcome.stderr]).toEqual([
      0,
      expect.stringContaining('The new profile gives credentials'),
    ])
    const pem = join(lab.home, 'UserCertificate/pemcertificate.pem')
    expect(statSync(pem).mode & 0o777).toBe(0o600)
    expect(statSync(join(lab.home, 'UserCertificate')).mode & 0o777).toBe(0o700)
    const text = readFileSync(config, 'utf8')
    expect(
      text.startsWith(
        `${before}\n\n[profile iamrolesanywhere]\ncredential_process = ${process.execPath} `,
      ),
    ).toBe(true)
    expect(text.endsWith('\nregion = eu-west-1\n')).toBe(true)
    expect(outcome.stdout).toMatch(/0 9 \* \* \* .* setup roles-anywhere --pfx '.*my cert.pfx'/)
    expect(outcome.stdout).toContain('systemctl --user enable --now')
    expect(outcome.stderr).toContain(
      `The certificate ends on ${lab.leaf.certificate.validToDate.toISOString()}`,
    )
    const log = readFileSync(join(lab.home, 'IAMRolesAnywhereScript.log'), 'utf8')
    expect(
      log.split('\n').filter((line) => /^\d{4}\/\d\d\/\d\d [\d:]{8} \S/.test(line)).length,
    ).toBeGreaterThan(5)
    expect(lab.aws.arrived).toHaveLength(1)
  })

  test('can be run again: the profile is there once, and the copy is the new one', async () => {
    const lab = await cliLab()
    const certificate = [
      '--certificate',
      join(lab.home, 'client.pem'),
      '--private-key',
      join(lab.home, 'client.key'),
    ]
    expect((await setup(lab, [...certificate, '--no-check'])).code).toBe(0)
    const first = readFileSync(join(lab.home, '.aws/config'), 'utf8')
    const next = issue({ commonName: 'renewed' })
    lab.file('client.pem', next.certificatePem)
    lab.file('client.key', next.keyPem)
    const again = await setup(lab, certificate)
    expect(again.code).toBe(0)
    expect(readFileSync(join(lab.home, '.aws/config'), 'utf8')).toBe(first)
    expect(readFileSync(join(lab.home, 'UserCertificate/pemcertificate.pem'), 'utf8')).toContain(
      next.certificatePem,
    )
  })

  test('clears away what a run that was killed left, and what the former script did', async () => {
    const lab = await cliLab()
    const left = ['pemcertificate.pem.0123456789abcdef.tmp', 'pfxcertificate.pfx']
    for (const name of left) lab.file(`UserCertificate/${name}`, 'a key')
    const outcome = await setup(lab, ['--pfx', pfx(lab, ''), '--no-check'])
    expect(outcome.code).toBe(0)
    for (const name of left) expect(outcome.stderr).toContain(`Removed the earlier ${name}`)
    expect(readdirSync(join(lab.home, 'UserCertificate'))).toEqual(['pemcertificate.pem'])
  })

  test('does not close a folder that has another use', async () => {
    const lab = await cliLab()
    chmodSync(lab.home, 0o755)
    const { code, stderr } = await setup(lab, ['--pfx', pfx(lab, ''), '--folder', lab.home])
    expect([code, stderr]).toEqual([1, expect.stringContaining('Choose another --folder')])
    expect(statSync(lab.home).mode & 0o777).toBe(0o755)
  })

  test('does not put an expired certificate in the place of another', async () => {
    const lab = await cliLab()
    expect((await setup(lab, ['--pfx', pfx(lab, ''), '--no-check'])).code).toBe(0)
    const pem = join(lab.home, 'UserCertificate/pemcertificate.pem')
    const before = readFileSync(pem, 'utf8')
    const past = issue({ from: new Date('2020-01-01'), to: new Date('2021-01-01') })
    const expired = lab.file('expired.pem', past.certificatePem + past.keyPem)
    const { code, stderr } = await setup(lab, ['--certificate', expired, '--no-check'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('ended on 2021-01-01')])
    expect(readFileSync(pem, 'utf8')).toBe(before)
  })

  test('says how to give a password, and that a file of one is missing', async () => {
    const lab = await cliLab()
    const path = pfx(lab, 'secret')
    const unasked = await setup(lab, ['--pfx', path, '--no-check'])
    expect([unasked.code, unasked.stderr]).toEqual([
      1,
      expect.stringContaining('Give --pfx-password-file.'),
    ])
    const missing = await setup(lab, ['--pfx', path, '--pfx-password-file', 'nowhere'])
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringMatching(/The file with the password can't be read: ENOENT.*\n$/),
    ])
  })

  test('says what to run when AWS does not know the profile', async () => {
    const lab = await cliLab()
    lab.file('bin/aws', '#!/bin/sh\necho "An error occurred (AccessDenied)" >&2\nexit 254\n')
    chmodSync(join(lab.home, 'bin/aws'), 0o755)
    const args = ['setup', 'roles-anywhere', ...arns, '--pfx', pfx(lab, '')]
    const { code, stderr } = await lab.run(args, { env: { PATH: join(lab.home, 'bin') } })
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /AccessDenied.*Try again with: aws sts get-caller-identity --profile iamrolesanywhere/,
      ),
    ])
  })

  test('takes the password from standard input, and shows it nowhere', async () => {
    const lab = await cliLab()
    const args = ['--pfx', pfx(lab, 'open sesame'), '--pfx-password-file', '-']
    const outcome = await setup(lab, args, 'open sesame\r\n')
    expect(outcome.code).toBe(0)
    const log = readFileSync(join(lab.home, 'IAMRolesAnywhereScript.log'), 'utf8')
    expect(outcome.stdout + outcome.stderr + log).not.toContain('sesame')
    expect(outcome.stdout).toContain('a scheduler has to run what called this')
    expect((await setup(lab, args, 'wrong')).code).toBe(1)
  })

  test('works in folders with spaces', async () => {
    const lab = await cliLab()
    const folder = join(lab.home, 'my own folder')
    const outcome = await setup(lab, [
      '--pfx',
      pfx(lab, ''),
      '--folder',
      folder,
      '--profile',
      'mine',
    ])
    expect(outcome.code).toBe(0)
    expect(readFileSync(join(lab.home, '.aws/config'), 'utf8')).toContain(
      `--certificate '${folder}/pemcertificate.pem'`,
    )
  })

  test('warns of keys in the credentials file that would be used instead', async () => {
    const lab = await cliLab()
    lab.file('.aws/credentials', '[iamrolesanywhere]\naws_access_key_id = AKIAOLD\n')
    const { stderr } = await setup(lab, ['--pfx', pfx(lab, ''), '--no-check'])
    expect(stderr).toContain('Warning: keys of the profile iamrolesanywhere')
  })

  test.for([
    [['--profile', 'a b'], 'A profile name has'],
    [['--profile', 'a]\n[default'], 'A profile name has'],
    [['--role-arn', 'arn:aws:iam::1:role/x; rm -rf /'], 'The role is not given by its ARN'],
    [['--endpoint', 'https://x\ncredential_process = evil'], "can't stand in a credential_process"],
    [['--folder', "it's"], "can't stand in a credential_process"],
    [['--region', 'eu west'], 'That is not an AWS region'],
  ] as const)('changes nothing when it is given %j', async ([more, message]) => {
    const lab = await cliLab()
    const config = lab.file('.aws/config', '[default]\n')
    const { code, stderr } = await setup(lab, ['--pfx', pfx(lab, ''), '--no-check', ...more])
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
    expect(readFileSync(config, 'utf8')).toBe('[default]\n')
    expect(readdirSync(lab.home)).not.toContain('UserCertificate')
  })

  test('does not use a folder that is a link', async () => {
    const lab = await cliLab()
    mkdirSync(join(lab.home, 'elsewhere'))
    symlinkSync(join(lab.home, 'elsewhere'), join(lab.home, 'UserCertificate'))
    const { code, stderr } = await setup(lab, ['--pfx', pfx(lab, ''), '--no-check'])
    expect([code, stderr]).toEqual([1, expect.stringContaining("The folder can't be used")])
  })
})

describe('on Windows', () => {
  test('folder and file are given to the user alone by icacls', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-acl-'))
    onTestFinished(() => {
      rmSync(folder, { recursive: true })
    })
    const calls: (readonly string[])[] = []
    const run = (program: string, args: readonly string[]): Promise<string> => {
      calls.push([program, ...args])
      return Promise.resolve('')
    }
    const windows = heldSurroundings({
      platform: 'win32',
      uid: undefined,
      env: { USERNAME: 'bob', USERDOMAIN: 'CORP' },
    })
    await preparePrivateFolder(folder, windows, run)
    const path = await writePem(folder, 'pem', windows, run)
    expect(calls).toEqual([
      [
        'C:\\Windows\\System32\\icacls.exe',
        folder,
        '/inheritance:r',
        '/grant:r',
        'CORP\\bob:(OI)(CI)F',
      ],
      ['C:\\Windows\\System32\\icacls.exe', path, '/inheritance:r', '/grant:r', 'CORP\\bob:F'],
    ])
  })

  test('the check is run by the system’s own shell, or by an aws of the PATH, never of the folder', async () => {
    const calls: (readonly string[])[] = []
    const run = (program: string, args: readonly string[]): Promise<string> => {
      calls.push([program, ...args])
      return Promise.resolve('{"AccessKeyId":"A"}')
    }
    const env = { SystemRoot: 'D:\\Win', Path: '.;;bin;C:\\no such folder' }
    const windows = heldSurroundings({ platform: 'win32', env })
    await callerThrough('mine', '"C:\\a b\\postern.exe" x', windows, run)
    expect(calls).toEqual([
      ['D:\\Win\\System32\\cmd.exe', '/d', '/s', '/c', '""C:\\a b\\postern.exe" x"'],
    ])
    expect(placesOf('aws', windows)).toEqual(['C:\\no such folder\\aws.exe'])
    expect(systemTool('powershell.exe', heldSurroundings({ env: { SystemRoot: '.' } }))).toBe(
      'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    )
    const unix = heldSurroundings({ env: { PATH: '.:/usr/bin/::/bin' } })
    expect(placesOf('aws', unix)).toEqual(['/usr/bin/aws', '/bin/aws'])
  })

  test('words are quoted in double quotes, and the schedule is a task', () => {
    expect(quoteWords(['C:\\Program Files\\node.exe', 'a'], 'win32')).toBe(
      '"C:\\Program Files\\node.exe" a',
    )
    for (const bad of ['a"b c', 'a %PATH%', 'a\nb'])
      expect(() => quoteWords([bad], 'win32')).toThrow("can't stand")
    expect(scheduleLines(['C:\\x y', 'setup'], 'win32')).toContain('/TR "\\"C:\\x y\\" setup"')
  })
})

test('what is quoted is taken apart by a shell and by Python into the same words', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-words-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const words = ['/a b/c', '$HOME', '`id`', 'x;y', '*', 'ä ö', '\\back slash', '"double"', '#', '~']
  const line = quoteWords(words, 'linux')
  writeFileSync(join(folder, 'out'), execFileSync('sh', ['-c', `printf '%s\\n' ${line}`]))
  expect(readFileSync(join(folder, 'out'), 'utf8')).toBe(`${words.join('\n')}\n`)
})
