import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** `npm run docs:architecture`: draws who really imports whom into ARCHITECTURE.md, folder by folder. */
const root = join(import.meta.dirname, '..')
const path = join(root, 'ARCHITECTURE.md')
const [begin, end] = [
  '<!-- imports: npm run docs:architecture draws from here -->',
  '<!-- imports: to here -->',
]

// Everything sees the kernel, and the composition root sees everything; neither would show anything.
const unseen =
  '^src/((errors|effects|main|serve|compose)\\.ts|compose/|admin/|telemetry/|audit/audit-event\\.ts)'
const words = ['--config', 'dependency-cruiser.mjs', '--include-only', '^src/', '--exclude', unseen]
const cruise = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')
const drawn = execFileSync(
  process.execPath,
  [cruise, ...words, '--collapse', '^src/[^/]+', '--output-type', 'mermaid', 'src'],
  { cwd: root, encoding: 'utf8' },
)
const text = readFileSync(path, 'utf8')
const [before, rest] = text.split(begin)
const after = rest?.split(end)[1]
if (before === undefined || after === undefined) throw new Error(`${path} has no place for it`)
writeFileSync(path, `${before}${begin}\n\n\`\`\`mermaid\n${drawn.trim()}\n\`\`\`\n\n${end}${after}`)
