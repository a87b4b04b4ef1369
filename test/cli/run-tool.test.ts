import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { folderFor } from '../../src/cli/stores/run-tool.ts'

test.for(['powershell.exe', 'curl'])(
  'on Windows %s is not looked for where somebody else may have put another one',
  (program) => {
    expect(folderFor(program, 'win32')).toBe(dirname(process.execPath))
    expect(folderFor(program, 'linux')).toBeUndefined()
  },
)

test('a program of the user’s choice runs where the user is', () => {
  expect(folderFor('aws', 'win32')).toBeUndefined()
})
