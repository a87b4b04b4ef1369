import type { Config } from '../config/config.ts'
import type { Environment } from '../config/env.ts'
import { ConfigFaults } from '../config/fault.ts'
import { loadConfig } from '../config/load-config.ts'
import type { AdminIo } from './admin-io.ts'

/** No file was named. */
class NoConfiguration extends Error {}

/**
 * The configuration that a subcommand works on: the file that was named, else POSTERN_CONFIG's. Throws what
 * `toldConfigError` tells.
 */
export function configFrom(file: string | undefined, env: Environment): Config {
  const path = file ?? env['POSTERN_CONFIG']
  if (path === undefined || path === '')
    throw new NoConfiguration('No configuration: name a file with --config, or set POSTERN_CONFIG.')
  return loadConfig(path, env)
}

/** Tells on standard error why there is no configuration; false when the error is about something else. */
export function toldConfigError(error: unknown, io: AdminIo): boolean {
  if (!(error instanceof ConfigFaults || error instanceof NoConfiguration)) return false
  io.stderr(error.message)
  return true
}

/** The same, undefined and told when there is none. */
export function readConfig(
  file: string | undefined,
  env: Environment,
  io: AdminIo,
): Config | undefined {
  try {
    return configFrom(file, env)
  } catch (error) {
    if (toldConfigError(error, io)) return undefined
    throw error
  }
}
