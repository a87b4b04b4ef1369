import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

const run = promisify(execFile)
// The grammar as WebAssembly: nothing of it is compiled or run at its installation.
const packages = ['web-tree-sitter@0.27.1', 'tree-sitter-powershell@0.26.4']
const reader = `
  import { Language, Parser } from 'web-tree-sitter'
  import { readFileSync } from 'node:fs'
  await Parser.init()
  const parser = new Parser()
  parser.setLanguage(await Language.load(process.argv[2]))
  const tree = parser.parse(readFileSync(0, 'utf8')).rootNode
  const commands = tree.descendantsOfType('command_name').map(({ text }) => text)
  process.stdout.write(JSON.stringify({ hasError: tree.hasError, commands }))
`
const read = z.object({ hasError: z.boolean(), commands: z.array(z.string()) })
/** Commands that Windows PowerShell 5.1 and PowerShell 7 have on Windows. */
const inBoth = new Set([
  ...['ConvertFrom-Json', 'ConvertTo-Json', 'ConvertTo-SecureString', 'Export-PfxCertificate'],
  ...['ForEach-Object', 'Get-ChildItem', 'Get-Date', 'Invoke-RestMethod', 'Join-Path', 'New-Item'],
  ...['New-Object', 'Out-Null', 'Remove-Item', 'Set-Item', 'Set-StrictMode', 'Sort-Object'],
  ...['Where-Object', 'Write-Verbose', 'icacls.exe'],
])
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-powershell-'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  writeFileSync(join(folder, 'reader.mjs'), reader)
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps']
  await run('npm', ['install', ...options, ...packages], { cwd: folder, timeout: 120_000 })
}, 150_000)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** What the grammar of PowerShell makes of a text. */
async function parse(text: string): Promise<z.output<typeof read>> {
  const grammar = join(
    folder,
    'node_modules',
    'tree-sitter-powershell',
    'tree-sitter-powershell.wasm',
  )
  const running = run(process.execPath, ['reader.mjs', grammar], { cwd: folder, timeout: 30_000 })
  running.child.stdin?.end(text)
  return read.parse(JSON.parse((await running).stdout))
}

test.each(readdirSync('scripts').filter((name) => name.endsWith('.ps1')))(
  '%s is PowerShell, and calls only functions of its own and known commands',
  async (name) => {
    const text = readFileSync(join('scripts', name), 'utf8')
    const { hasError, commands } = await parse(text)
    expect(hasError).toBe(false)
    const own = new Set([...text.matchAll(/^function ([\w-]+)/gm)].map(([, name]) => name ?? ''))
    expect(commands.filter((command) => !own.has(command) && !inBoth.has(command))).toEqual([])
    expect([...own].filter((name) => !commands.includes(name))).toEqual([])
  },
)

test('the grammar tells a script that is none', async () => {
  for (const text of ['if ($x { }', 'function { }', "$a = 'open", '@{ a = 1']) {
    expect((await parse(text)).hasError).toBe(true)
  }
})
