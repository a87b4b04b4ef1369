import { execFileSync } from 'node:child_process'
import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** SoftHSM's module, where Debian's package puts it. */
const softHsm = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
].find((path) => existsSync(path))

/** Where the optional package is: undeclared, so it may have been installed elsewhere. */
const installed = ((): string | undefined => {
  try {
    const from = process.env['POSTERN_PKCS11JS'] ?? process.cwd()
    return createRequire(join(from, 'package.json')).resolve('pkcs11js')
  } catch {
    return undefined
  }
})()

/** What a token needs and this machine does not have. */
export const absentForTokens: readonly string[] = [
  ...(softHsm ? [] : ['softhsm2']),
  ...(existsSync('/usr/bin/pkcs11-tool') ? [] : ['opensc']),
  ...(installed ? [] : ['the npm package pkcs11js']),
]

interface Pair {
  readonly privateKey: KeyObject | string
  readonly certificate: X509Certificate
}

export const tokenPin = 'pin20of26token'

/** A token of SoftHSM's own, `postern`, with the PIN `tokenPin`. */
export interface SoftToken extends Disposable {
  readonly library: string
  /** What a process needs to find the token, and the package that a checkout does not have. */
  readonly environment: Readonly<Record<string, string>>
  /** Puts a key and its certificate on the token, both under that label. */
  put(label: string, pair: Pair): void
}

export function softToken(): SoftToken {
  const folder = mkdtempSync(join(tmpdir(), 'postern-softhsm-'))
  mkdirSync(join(folder, 'tokens'))
  const conf = join(folder, 'conf')
  writeFileSync(conf, `directories.tokendir = ${folder}/tokens\nlog.level = ERROR\n`)
  const hook = join(folder, 'pkcs11js.mjs')
  writeFileSync(hook, findsPackage(installed ?? ''))
  const environment = { SOFTHSM2_CONF: conf, NODE_OPTIONS: `--import=${hook}` }
  const run = (program: string, ...words: readonly string[]): void => {
    const env = { ...process.env, SOFTHSM2_CONF: conf }
    execFileSync(program, words, { stdio: 'pipe', env })
  }
  const pins = ['--pin', tokenPin, '--so-pin', '5678']
  run('softhsm2-util', '--init-token', '--free', '--label', 'postern', ...pins)
  let count = 0
  return {
    library: softHsm ?? '',
    environment,
    put(label, { privateKey, certificate }) {
      count += 1
      const [key, der] = [join(folder, `${label}.key`), join(folder, `${label}.der`)]
      const object = typeof privateKey === 'string' ? createPrivateKey(privateKey) : privateKey
      writeFileSync(key, object.export({ type: 'pkcs8', format: 'der' }))
      writeFileSync(der, certificate.raw)
      const token = ['--module', softHsm ?? '', '--token-label', 'postern', '--login']
      const write = [...token, '--pin', tokenPin, '--label', label, '--id', `0${count}`]
      const stored = (file: string): string[] => [...write, '--write-object', file, '--type']
      run('pkcs11-tool', ...stored(key), 'privkey', '--usage-sign')
      run('pkcs11-tool', ...stored(der), 'cert')
      rmSync(key)
    },
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A module that lets a program in the checkout find the package as if it were installed beside it. */
function findsPackage(path: string): string {
  return [
    "import { registerHooks } from 'node:module'",
    "import { pathToFileURL } from 'node:url'",
    `const url = pathToFileURL(${JSON.stringify(path)}).href`,
    'registerHooks({',
    '  resolve: (name, context, next) =>',
    "    name === 'pkcs11js' ? { url, shortCircuit: true } : next(name, context),",
    '})',
  ].join('\n')
}
