import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { linuxKeyring } from '../../../src/cli/broker/secrets/linux-keyring.ts'
import { macosKeychainSecrets } from '../../../src/cli/broker/secrets/macos-keychain-secrets.ts'
import { ownFileSecrets } from '../../../src/cli/broker/secrets/own-file-secrets.ts'
import { windowsDpapi } from '../../../src/cli/broker/secrets/windows-dpapi.ts'
import { CliFault } from '../../../src/cli/cli-fault.ts'
import type { RunTool } from '../../../src/cli/stores/certificate-store.ts'
import { heldSurroundings } from '../held-surroundings.ts'
import { brokerLab } from './broker-lab.ts'

const origin = 'https://postern.corp.example'
const secret = '{"refreshToken":"sesame"}'

interface Call {
  readonly program: string
  readonly args: readonly string[]
  readonly input: string
}

/** A tool that answers so, and what it was called with. */
function tool(answer: (call: Call) => string): { run: RunTool; calls: Call[] } {
  const calls: Call[] = []
  const run: RunTool = (program, args, input) => {
    calls.push({ program, args, input })
    // A promise, whatever it throws.
    return Promise.resolve().then(() => answer({ program, args, input }))
  }
  return { run, calls }
}

function failing(detail: string): () => never {
  return () => {
    throw new CliFault('it failed', { detail })
  }
}

function home(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postern-secrets-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  return folder
}

describe('the keyring of a Linux desktop', () => {
  test('gets secrets by standard input, not by arguments', async () => {
    const { run, calls } = tool(() => secret)
    const store = linuxKeyring(run)
    await store.put(origin, secret)
    expect(await store.get(origin)).toBe(secret)
    await store.remove(origin)
    const attributes = ['service', 'postern', 'broker', origin]
    expect(calls.map(({ args }) => args)).toEqual([
      ['store', `--label=Postern at ${origin}`, ...attributes],
      ['lookup', ...attributes],
      ['clear', ...attributes],
    ])
    expect(calls.map(({ input }) => input)).toEqual([secret, '', ''])
  })

  test('that has none is another thing than one that fails', async () => {
    expect(await linuxKeyring(tool(failing('')).run).get(origin)).toBeUndefined()
    const broken = linuxKeyring(tool(failing('Cannot autolaunch D-Bus')).run)
    await expect(broken.get(origin)).rejects.toThrow('--no-keyring')
  })

  test('is used by a login where it works, and a file where it does not', async () => {
    const script = (body: string): string => `#!/bin/sh\n${body}\n`
    const lab = await brokerLab()
    const kept = join(lab.home, 'keyring')
    const works = `case $1 in store) cat > ${kept};; lookup) cat ${kept};; clear) rm ${kept};; esac`
    lab.file('bin/secret-tool', script(works), 0o755)
    const env = {
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
      PATH: `${lab.home}/bin:${process.env['PATH'] ?? ''}`,
    }
    const login = await lab.run(['login', '--device'], env)
    expect(login.stderr).toContain('kept in the keyring')
    expect(() => statSync(lab.tokenFile)).toThrow('ENOENT')
    expect(readFileSync(kept, 'utf8')).toContain(lab.broker.origin)
    expect((await lab.run(['whoami'], env)).code).toBe(0)
    // Without the keyring it is not said that nobody is signed in.
    lab.file('bin/secret-tool', script('echo no bus >&2; exit 1'), 0o755)
    const locked = await lab.run(['whoami'], env)
    expect([locked.code, locked.stderr]).toEqual([1, expect.stringContaining('no bus')])
    expect((await lab.run(['login', '--device'], env)).stderr).toContain('kept in files')
    expect((await lab.run(['logout'], env)).code).toBe(0)
  })
})

describe('the keychain of macOS', () => {
  test('gets secrets by standard input, in Base64', async () => {
    const encoded = Buffer.from(secret).toString('base64')
    const { run, calls } = tool(() => `${encoded}\n`)
    const store = macosKeychainSecrets(run)
    await store.put(origin, secret)
    expect(await store.get(origin)).toBe(secret)
    expect(calls[0]).toEqual({
      program: '/usr/bin/security',
      args: ['-i'],
      input: `add-generic-password -U -s postern -a ${origin} -l Postern -w ${encoded}\n`,
    })
    expect(calls[1]?.args).toEqual(['find-generic-password', '-s', 'postern', '-a', origin, '-w'])
  })

  test('that has none is another thing than one that is locked', async () => {
    const none =
      'security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.'
    expect(await macosKeychainSecrets(tool(failing(none)).run).get(origin)).toBeUndefined()
    const locked = macosKeychainSecrets(tool(failing('User interaction is not allowed.')).run)
    await expect(locked.get(origin)).rejects.toThrow(CliFault)
  })

  test('gets no name that its command line would read otherwise', async () => {
    const { run, calls } = tool(() => '')
    await expect(macosKeychainSecrets(run).put('x -w y\n', secret)).rejects.toThrow(CliFault)
    expect(calls).toEqual([])
  })
})

describe('the Data Protection API of Windows', () => {
  test('encrypts what goes into the file, for that broker alone', async () => {
    const { run, calls } = tool(({ input }) => {
      const asked = JSON.parse(input) as { bytes: string }
      const turned = Buffer.from(asked.bytes, 'base64').map((byte) => byte ^ 0x55)
      return JSON.stringify({ bytes: Buffer.from(turned).toString('base64') })
    })
    const folder = home()
    const surroundings = heldSurroundings({ home: folder })
    const store = windowsDpapi(ownFileSecrets(surroundings), run)
    await store.put(origin, secret)
    expect(await ownFileSecrets(surroundings).get(origin)).not.toContain('sesame')
    expect(await store.get(origin)).toBe(secret)
    for (const { program, args, input } of calls) {
      expect(program).toBe('powershell.exe')
      expect(args.join(' ')).not.toContain(origin)
      expect(JSON.parse(input)).toMatchObject({ origin })
    }
    await store.remove(origin)
    expect(await store.get(origin)).toBeUndefined()
  })
})

describe('files', () => {
  test('are the user’s alone, one for each broker', async () => {
    const folder = home()
    const store = ownFileSecrets(heldSurroundings({ home: folder }))
    await store.put(origin, secret)
    await store.put('http://[::1]:3000', 'other')
    expect(await store.get(origin)).toBe(secret)
    expect(await store.get('http://[::1]:3000')).toBe('other')
    expect(await store.get('http://localhost:3000')).toBeUndefined()
    expect(statSync(join(folder, '.config/postern/tokens')).mode & 0o777).toBe(0o700)
  })
})
