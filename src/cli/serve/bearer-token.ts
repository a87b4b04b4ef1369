import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { writeOwnFile } from '../cache/own-files.ts'
import { CliFault } from '../cli-fault.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { filled } from '../settings/filled.ts'
import type { Surroundings } from '../surroundings.ts'

/** The token of the container endpoint, and the variable that makes it known to the SDKs where they don't know it yet. */
export interface BearerToken {
  readonly value: string
  readonly variable: readonly [string, string] | undefined
}

const shape = /^[\x21-\x7e]{16,1024}$/

/**
 * A new token in a file that only the user can read; else the one that the environment has; else a new one, which is
 * shown. CliFault for one that no header could carry or anybody could guess.
 */
export function bearerToken(flags: Flags, { env, effects }: Surroundings): BearerToken {
  const file = flags.filled('token-file')
  const fresh = (): string => effects.randomBytes(32).toString('base64url')
  if (file !== undefined) {
    const value = fresh()
    const path = resolve(file)
    try {
      writeOwnFile(path, value, effects.randomBytes(8).toString('hex'))
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new CliFault(`The token file ${path} can't be written: ${why}.`, { cause })
    }
    return { value, variable: ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', path] }
  }
  const given = fromEnvironment(env)
  if (given === undefined) {
    const value = fresh()
    return { value, variable: ['AWS_CONTAINER_AUTHORIZATION_TOKEN', value] }
  }
  if (shape.test(given)) return { value: given, variable: undefined }
  throw new CliFault(
    'The container authorization token must be 16 to 1024 visible characters, without a line end. Check ' +
      'AWS_CONTAINER_AUTHORIZATION_TOKEN and AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.',
  )
}

function fromEnvironment(env: Surroundings['env']): string | undefined {
  const file = env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE']
  if (!file) return filled(env['AWS_CONTAINER_AUTHORIZATION_TOKEN'])
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new CliFault(
      `The token file ${file} can't be read. Check AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.`,
      { cause },
    )
  }
}
