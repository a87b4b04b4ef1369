import { ConfigFaults } from './config/fault.ts'
import { readEnvironment } from './config/env.ts'

/** postern-server: with a word, a subcommand; without, the server that POSTERN_CONFIG describes. */
const argv = process.argv.slice(2)
const start = argv.length > 0 ? administer : serve
start().catch((error: unknown) => {
  process.stderr.write(
    `postern-server: ${error instanceof Error ? error.message : String(error)}\n`,
  )
  process.exitCode = error instanceof ConfigFaults ? 2 : 1
})

async function administer(): Promise<void> {
  const { runAdmin } = await import('./admin/command-line.ts')
  process.exitCode = await runAdmin(argv, {
    stdout: (line) => process.stdout.write(`${line}\n`),
    stderr: (line) => process.stderr.write(`${line}\n`),
    stdin: process.stdin,
  })
}

async function serve(): Promise<void> {
  const env = readEnvironment()
  const path = env['POSTERN_CONFIG']
  if (path === undefined || path === '') {
    throw new Error(
      'set POSTERN_CONFIG to the path of the configuration file, for example ./postern.yaml',
    )
  }
  const { loadConfig } = await import('./config/load-config.ts')
  const { serve: listenAndDrain } = await import('./serve.ts')
  await listenAndDrain(loadConfig(path, env))
}
