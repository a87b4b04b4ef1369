import { describe, expect, test } from 'vitest'
import { programPath } from '../../../src/cli/broker/program-path.ts'
import { runChild } from '../../../src/cli/broker/run-child.ts'

const env = {
  Path: String.raw`.;C:\Tools;tools;"C:\Program Files\Amazon\AWSCLIV2";\\server\share;C:\Node`,
  PATHEXT: '.COM;.EXE;.BAT;.CMD',
}
const there = [
  String.raw`C:\Tools\notes.txt`,
  String.raw`C:\Program Files\Amazon\AWSCLIV2\aws.exe`,
  String.raw`C:\Node\npm.CMD`,
  String.raw`C:\Node\aws.exe`,
  String.raw`\\server\share\only-there.exe`,
  // In the working folder, which may be anybody's.
  'aws.exe',
  String.raw`.\aws.exe`,
  'kubectl.exe',
  String.raw`tools\kubectl.exe`,
  String.raw`.\kubectl.exe`,
]

function found(program: string, more: Readonly<Record<string, string>> = {}): string | undefined {
  const isThere = (path: string): boolean =>
    there.some((one) => one.toLowerCase() === path.toLowerCase())
  return programPath(program, { ...env, ...more }, 'win32', isThere)
}

describe('a program on Windows', () => {
  test.for(['aws', 'aws.exe', 'AWS.EXE'])(
    '%s is that of PATH, not that of the working folder',
    (name) => {
      expect(found(name)?.toLowerCase()).toBe(String.raw`c:\program files\amazon\awscliv2\aws.exe`)
    },
  )

  test.for(['kubectl', 'kubectl.exe', 'notes', '', '.'])('%j is not there', (name) => {
    expect(found(name)).toBeUndefined()
  })

  test('is found with each ending of PATHEXT, on another machine too', () => {
    expect(found('npm')).toBe(String.raw`C:\Node\npm.CMD`)
    expect(found('npm', { PATHEXT: '.EXE' })).toBeUndefined()
    expect(found('only-there')).toBe(String.raw`\\server\share\only-there.EXE`)
  })

  test.for([String.raw`.\aws.exe`, './aws', String.raw`C:\x\aws.exe`, 'C:aws.exe'])(
    'is %s where the user wrote so',
    (path) => {
      expect(found(path)).toBe(path)
    },
  )

  test('that is nowhere ends with 127, and starts nothing', async () => {
    const run = runChild('kubectl', [], { Path: String.raw`C:\none` }, { platform: 'win32' })
    await expect(run).rejects.toMatchObject({
      message: 'There is no command kubectl in PATH.',
      exitCode: 127,
    })
  })
})

test('a batch file ends with 126, and what to write instead', async () => {
  const run = runChild('./build.cmd', [], {}, { platform: 'win32' })
  await expect(run).rejects.toMatchObject({
    message: expect.stringContaining('cmd /c ./build.cmd') as unknown,
    exitCode: 126,
  })
})

test('other systems look in PATH by themselves', () => {
  expect(programPath('aws', {}, 'linux')).toBe('aws')
})
