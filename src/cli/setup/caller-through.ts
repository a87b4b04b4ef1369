import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { CliFault } from '../cli-fault.ts'
import { runTool } from '../stores/run-tool.ts'
import type { Surroundings } from '../surroundings.ts'

/**
 * Who AWS says one is through a profile, by the aws command; where that is not installed, whether the profile's command
 * gives credentials. CliFault when it does not work.
 */
export async function callerThrough(
  profile: string,
  command: string,
  { platform }: Surroundings,
): Promise<string> {
  const aws = platform === 'win32' ? 'aws.exe' : 'aws'
  if (await exists(aws)) {
    const args = [
      'sts',
      'get-caller-identity',
      '--profile',
      profile,
      '--query',
      'Arn',
      '--output',
      'text',
    ]
    return `You are ${(await runTool(aws, args, '')).trim()}`
  }
  const printed =
    platform === 'win32'
      ? await runTool('cmd.exe', ['/c', command], '')
      : await runTool('/bin/sh', ['-c', command], '')
  if (!printed.includes('"AccessKeyId"'))
    throw new CliFault('The new profile gives no credentials.')
  return 'The new profile gives credentials. Install the aws command to see who you are.'
}

async function exists(program: string): Promise<boolean> {
  const child = spawn(program, ['--version'], { stdio: 'ignore', windowsHide: true })
  try {
    await once(child, 'close')
    return true
  } catch {
    return false
  }
}
