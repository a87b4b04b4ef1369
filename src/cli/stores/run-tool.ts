import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { CliFault } from '../cli-fault.ts'
import type { RunTool } from './certificate-store.ts'

const largest = 4 * 1024 * 1024

/** Runs a program of the system; CliFault with its own words when it fails. It may ask at its own window, so it has time. */
export const runTool: RunTool = toolWithin(120_000)

/** The same in so many milliseconds. */
export function toolWithin(patience: number): RunTool {
  return (program, args, input) => run(program, args, input, patience)
}

/**
 * Where a tool of Windows is run: Windows looks for programs in the working folder first, and that one may be anybody's,
 * with a `powershell.exe` in it. Undefined for what is run where the user is.
 */
export function folderFor(program: string, platform: NodeJS.Platform): string | undefined {
  const isBare = program === 'powershell.exe' || program === 'curl'
  return platform === 'win32' && isBare ? dirname(process.execPath) : undefined
}

async function run(
  program: string,
  args: readonly string[],
  input: string,
  patience: number,
): Promise<string> {
  const child = spawn(program, [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: patience,
    windowsHide: true,
    // It has a way of its own to take its words apart.
    windowsVerbatimArguments: program.endsWith('\\cmd.exe'),
    cwd: folderFor(program, process.platform),
  })
  const [printed, said]: [Buffer[], Buffer[]] = [[], []]
  let length = 0
  child.stdout.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > largest) child.kill()
    else printed.push(chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject)
  child.once('close', resolve)
  child.stdin.on('error', () => undefined).end(input)
  const code = await promise.catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliFault(`${program} can't be started: ${why}.`, { cause })
  })
  if (code === 0) return Buffer.concat(printed).toString('utf8')
  const words = Buffer.concat(said).toString('utf8').trim().slice(0, 1_000)
  throw new CliFault(`${program} failed`, { detail: words.replace(/\s+/g, ' ') })
}
