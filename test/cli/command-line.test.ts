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

  test('takes numbers as Go does and switches with an equals sign', async () => {
    const lab = await cliLab()
    const { code } = await lab.run([
      'credential-process',
      ...lab.session('--session-duration=0x384', '--with-proxy=false', 'extra'),
    ])
    expect(code).toBe(0)
    expect(parsed(lab.aws.arrived[0]?.body ?? '')).toEqual({ durationSeconds: 900 })
    for (const value of ['x', '1.5', '', '9e9']) {
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
