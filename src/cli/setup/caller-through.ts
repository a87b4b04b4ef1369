import { existsSync } from 'node:fs'
import { CliFault } from '../cli-fault.ts'
import { describe } from '../report-fault.ts'
import type { RunTool } from '../stores/certificate-store.ts'
import { placesOf, systemTool } from '../stores/system-tool.ts'
import type { Surroundings } from '../surroundings.ts'

/**
 * Who AWS says one is through a profile, by the aws command; where that is not installed, whether the profile's command
 * gives credentials. CliFault when it does not work.
 */
export async function callerThrough(
  profile: string,
  command: string,
  surroundings: Surroundings,
  run: RunTool,
): Promise<string> {
  const aws = placesOf('aws', surroundings).find((path) => existsSync(path))
  const words = ['sts', 'get-caller-identity', '--profile', profile]
  try {
    if (aws === undefined) return await tried(command, surroundings, run)
    return `You are ${(await run(aws, [...words, '--query', 'Arn', '--output', 'text'], '')).trim()}`
  } catch (cause) {
    throw new CliFault(
      `The profile ${profile} is written, and does not work yet: ${describe(cause)}. Try again with: ` +
        (aws === undefined ? command : `aws ${words.join(' ')}`),
      { cause },
    )
  }
}

async function tried(command: string, surroundings: Surroundings, run: RunTool): Promise<string> {
  const printed =
    surroundings.platform === 'win32'
      ? await run(systemTool('cmd.exe', surroundings), ['/d', '/s', '/c', `"${command}"`], '')
      : await run('/bin/sh', ['-c', command], '')
  if (!printed.includes('"AccessKeyId"')) throw new CliFault('the new profile gives no credentials')
  return 'The new profile gives credentials. Install the aws command to see who you are.'
}
