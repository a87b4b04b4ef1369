import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cliLab } from '../cli/cli-lab.ts'
import { requireCommand } from '../support/require-command.ts'

const [pythonProgram = ''] = requireCommand('python3', 'python3')
const [setsidProgram = ''] = requireCommand('setsid', 'util-linux')
const main = new URL('../../src/cli/main.ts', import.meta.url).pathname

// A terminal of its own; standard input and output are elsewhere, as under an AWS tool. What is typed: a wrong password,
// then one with a correction.
const python = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    null = os.open('/dev/null', os.O_RDONLY)
    out = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
    os.dup2(null, 0); os.dup2(out, 1)
    os.execv(sys.argv[2], sys.argv[2:])
seen = b''
typed = [b'wrong\\r', b'sesamx\\x7fe\\r']
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk: break
    seen += chunk
    if typed and seen.count(b'Password of the private key: ') > 2 - len(typed):
        os.write(terminal, typed.pop(0))
_, status = os.waitpid(pid, 0)
sys.stdout.write(seen.decode())
sys.exit(os.waitstatus_to_exitcode(status))
`

test('asks for a password at the terminal alone, until it is right, and shows none', async () => {
  const lab = await cliLab()
  const pem = lab.leaf.privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'sesame',
  })
  const key = lab.file('locked.key', pem)
  const out = join(lab.home, 'out')
  const keys = ['--certificate', join(lab.home, 'client.pem'), '--private-key', key]
  const seen = execFileSync(
    pythonProgram,
    ['-c', python, out, process.execPath, main, 'sign-string', ...keys],
    { env: lab.env, encoding: 'utf8', timeout: 30_000 },
  )
  expect(seen.split('Password of the private key: ')).toHaveLength(3)
  expect(seen).toContain('That is not the password.')
  expect(seen).not.toMatch(/sesam|wrong/)
  expect(execFileSync('cat', [out], { encoding: 'utf8' })).toMatch(/^"[0-9a-f]+"$/)
})

test('fails at once where there is no terminal', async () => {
  const lab = await cliLab()
  const pem = lab.leaf.privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'sesame',
  })
  const key = lab.file('locked.key', pem)
  const args = ['--certificate', join(lab.home, 'client.pem'), '--private-key', key]
  const program = ['--wait', process.execPath, main, 'sign-string', ...args]
  expect(() => execFileSync(setsidProgram, program, { env: lab.env, stdio: 'pipe' })).toThrow(
    'unable to read your PKCS#8 private key password',
  )
})
