import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type CliLab, cliLab, ended, parsed } from '../cli/cli-lab.ts'
import { issue } from '../keys/test-certificates.ts'
import { granting } from '../support/fake-create-session.ts'
import { requireCommand } from '../support/require-command.ts'

const [pythonProgram = ''] = requireCommand('python3', 'python3')
const main = new URL('../../src/cli/main.ts', import.meta.url).pathname

// A terminal of so many columns for the streams that are named; what goes to it is printed.
const python = `
import fcntl, os, pty, struct, sys, termios
columns, streams, out = int(sys.argv[1]), sys.argv[2], sys.argv[3]
terminal, inner = pty.openpty()
fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
pid = os.fork()
if pid == 0:
    os.close(terminal)
    file = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(inner if 'o' in streams else file, 1)
    os.dup2(inner if 'e' in streams else file, 2)
    os.execv(sys.argv[4], sys.argv[4:])
os.close(inner)
seen = b''
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk: break
    seen += chunk
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status))
`

/** Runs with standard output (o), standard error (e) or both on a terminal; the other stream goes to a file. */
async function onTerminal(
  lab: CliLab,
  streams: 'o' | 'e' | 'oe',
  words: readonly string[],
  { columns = 80, env = {} }: { columns?: number; env?: Record<string, string> } = {},
) {
  const file = join(lab.home, 'elsewhere')
  const args = ['-c', python, String(columns), streams, file, process.execPath, main, ...words]
  const child = spawn(pythonProgram, args, {
    env: { ...lab.env, TERM: 'xterm', ...env },
    cwd: lab.home,
  })
  const { code, stdout, stderr } = await ended(child)
  expect(stderr).toBe('')
  const { stdout: other } = await ended(spawn('cat', [file]))
  return { code, seen: stdout.replaceAll('\r\n', '\n'), other }
}

const erased = '\r\u001b[2K'

describe('at a terminal', () => {
  test('what takes longer than half a second says so, and leaves nothing behind', async () => {
    const lab = await cliLab()
    lab.aws.answer = granting(undefined, 1_000)
    const words = ['credential-process', ...lab.session()]
    const { seen, other } = await onTerminal(lab, 'e', words)
    expect(seen.startsWith(`${erased}Getting credentials ...`)).toBe(true)
    expect(seen.endsWith(erased)).toBe(true)
    expect(parsed(other)).toMatchObject({ Version: 1 })
    const again = await onTerminal(lab, 'e', words)
    expect([again.seen, again.other]).toEqual(['', other])
  })

  test('progress is a plain line where nothing can be erased', async () => {
    const lab = await cliLab()
    lab.aws.answer = granting(undefined, 900)
    const words = ['update', '--once', ...lab.session()]
    const { seen } = await onTerminal(lab, 'e', words, { env: { TERM: 'dumb' } })
    expect(seen).toBe('Getting credentials ...\n')
  })

  test('tables and help keep to its width; in a file they are whole', async () => {
    const lab = await cliLab()
    await lab.run(['pki', 'init'])
    await lab.run(['pki', 'issue', 'a-name-that-is-rather-long-for-a-terminal'])
    for (const words of [['pki', 'list'], ['serve', '--help'], []]) {
      const { code, seen } = await onTerminal(lab, 'o', words, {
        columns: 78,
        env: { NO_COLOR: '1' },
      })
      expect(code).toBe(0)
      // Calls are for pasting, and are not broken within a word.
      const calls = /arn:aws|postern /
      expect(seen.split('\n').filter((line) => line.length > 78 && !calls.test(line))).toEqual([])
    }
    expect((await lab.run(['pki', 'list'])).stdout).toContain(
      'a-name-that-is-rather-long-for-a-terminal',
    )
  })

  test('heads, warnings and mistakes are coloured, there and only there', async () => {
    const soon = new Date(Date.now() + 3 * 24 * 60 * 60_000)
    const lab = await cliLab(issue({ to: soon }))
    await lab.run(['pki', 'init'])
    await lab.run(['pki', 'issue', 'alice'])
    const session = ['credential-process', ...lab.session()]
    const cases = [
      ['o', ['pki', 'list'], '\u001b[1mNAME'],
      ['e', session, '\u001b[33mwarning:\u001b[39m the certificate expires'],
      ['e', ['serve', '--nonsense'], '\u001b[31mError:\u001b[39m unknown flag'],
    ] as const
    for (const [stream, words, painted] of cases) {
      const shown = await onTerminal(lab, stream, words)
      expect(shown.seen).toContain(painted)
      expect(shown.other).not.toContain('\u001b')
      const without = await onTerminal(lab, stream, words, { env: { NO_COLOR: '1' } })
      expect(without.seen).not.toContain('\u001b')
      const piped = await lab.run(words)
      expect(piped.stdout + piped.stderr).not.toContain('\u001b')
    }
  })
})
