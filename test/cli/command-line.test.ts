import { describe, expect, test } from 'vitest'
import { cliLab, parsed } from './cli-lab.ts'

describe('the command line', () => {
  test('prints help without a command, and for each command', async () => {
    const lab = await cliLab()
    const bare = await lab.run([])
    expect(bare).toMatchObject({ code: 0, stderr: '' })
    expect(bare.stdout).toContain('credential-process')
    for (const words of [['--help'], ['help'], ['-h']]) {
      expect((await lab.run(words)).stdout).toBe(bare.stdout)
    }
    const own = await lab.run(['serve', '--help'])
    expect(own).toMatchObject({ code: 0, stderr: '' })
    expect(own.stdout).toMatch(/Usage:\n {2}postern serve \[flags\]\n\nExamples:/)
    expect((await lab.run(['help', 'serve'])).stdout).toBe(own.stdout)
  })

  test('prints the version', async () => {
    const lab = await cliLab()
    const { stdout } = await lab.run(['version'])
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect((await lab.run(['--version'])).stdout).toBe(stdout)
  })

  test('refuses what it does not know, with exit code 1', async () => {
    const lab = await cliLab()
    const unknown = await lab.run(['nonsense'])
    expect(unknown).toMatchObject({ code: 1, stdout: '' })
    expect(unknown.stderr).toContain('unknown command "nonsense" for "postern"')
    const flag = await lab.run(['serve', '--nonsense'])
    expect(flag.stderr).toMatch(/^Error: unknown flag: --nonsense\n/)
    const short = await lab.run(['serve', '-port', '1'])
    expect(short.stderr).toContain("unknown shorthand flag: 'p' in -port")
  })

  test('says in one line that standard output takes nothing', async () => {
    const lab = await cliLab()
    lab.program = ['bash', '-c', 'exec "$@" > /dev/full', '-', ...lab.program]
    const { code, stderr } = await lab.run(['credential-process', ...lab.session()])
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^\S+ \S+ Standard output can't be written: ENOSPC.*\n$/),
    ])
    lab.program = ['bash', '-c', 'exec "$@" 2> /dev/full', '-', ...lab.program.slice(4)]
    expect((await lab.run(['credential-process', ...lab.session('--debug')])).code).toBe(0)
  })

  test.for([
    ['< .', "Standard input can't be read: EISDIR"],
    ['< /dev/null', 'Standard input is empty'],
    ['< /dev/zero', 'Standard input has more than 1048576 bytes'],
  ] as const)('says of standard input that is %s what is wrong', async ([from, message]) => {
    const lab = await cliLab()
    lab.program = ['bash', '-c', `exec "$@" ${from}`, '-', ...lab.program]
    const { code, stderr } = await lab.run(['read-certificate-data', '--certificate', '-'])
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
    expect(stderr.split('\n')).toHaveLength(2)
  })

  test('takes numbers as Go does and switches with an equals sign', async () => {
    const lab = await cliLab()
    const { code } = await lab.run([
      'credential-process',
      ...lab.session('--session-duration=0x3_84', '--with-proxy=false', 'extra'),
    ])
    expect(code).toBe(0)
    expect(parsed(lab.aws.arrived[0]?.body ?? '')).toEqual({ durationSeconds: 900 })
    for (const value of ['x', '1.5', '', '9e9', '1__0', '_1', '1_']) {
      expect((await lab.run(['credential-process', '--session-duration', value])).code).toBe(1)
    }
  })

  test.for([
    ['credential-process', 'certificate', 'cert-selector'],
    ['credential-process', 'certificate', 'system-store-name'],
    ['update', 'private-key', 'cert-selector'],
    ['update', 'private-key', 'system-store-name'],
    ['serve', 'private-key', 'use-latest-expiring-certificate'],
    ['serve', 'use-latest-expiring-certificate', 'intermediates'],
    ['serve', 'use-latest-expiring-certificate', 'reuse-pin'],
    ['serve', 'cert-selector', 'intermediates'],
    ['serve', 'cert-selector', 'reuse-pin'],
    ['serve', 'cert-selector', 'tpm-key-password'],
    ['serve', 'cert-selector', 'no-tpm-key-password'],
    ['serve', 'system-store-name', 'reuse-pin'],
    ['serve', 'tpm-key-password', 'reuse-pin'],
    ['serve', 'tpm-key-password', 'no-tpm-key-password'],
    ['serve', 'tpm-key-password', 'pkcs8-password'],
    ['sign-string', 'no-tpm-key-password', 'reuse-pin'],
  ] as const)('%s takes not both --%s and --%s', async ([command, one, other]) => {
    const lab = await cliLab()
    const switches = ['use-latest-expiring-certificate', 'reuse-pin', 'no-tpm-key-password']
    const given = [one, other].flatMap((name) =>
      switches.includes(name) ? [`--${name}`] : [`--${name}`, 'x'],
    )
    const { code, stderr } = await lab.run([command, ...given])
    expect(code).toBe(1)
    expect(stderr).toContain(
      `if any flags in the group [${one} ${other}] are set none of the others can be; [${[one, other].toSorted().join(' ')}] were all set`,
    )
  })
})
