import { join } from 'node:path'
import { startSandbox } from './sandbox.ts'
import { readSettings, type SandboxSettings } from './settings.ts'
import { keptTokenKey } from './token-key.ts'

/** The sandbox as a process: listens, records what it issues, drains on SIGTERM. */
async function run({ host, awsPort, folder }: SandboxSettings): Promise<void> {
  const sandbox = await startSandbox({
    port: awsPort,
    host,
    recordFile: join(folder, 'issued.jsonl'),
    tokenKey: keptTokenKey(folder),
  })
  process.stderr.write(`The sandbox plays AWS on ${sandbox.url}. Nothing of it is real.\n`)
  const stop = (): void => void sandbox.close()
  process.once('SIGTERM', stop).once('SIGINT', stop)
}

function explain(error: unknown, { host, awsPort }: Partial<SandboxSettings>): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'EADDRINUSE') {
    return `port ${awsPort} of ${host} is taken. Stop what uses it, or set POSTERN_SANDBOX_AWS_PORT.`
  }
  return error.message
}

let settings: SandboxSettings | undefined
try {
  settings = readSettings(process.env)
  await run(settings)
} catch (error) {
  process.stderr.write(`sandbox: ${explain(error, settings ?? {})}\n`)
  process.exitCode = 1
}
