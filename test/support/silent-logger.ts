import type { Logger } from '../../src/telemetry/logger.ts'

const nothing = (): void => undefined

/** For tests in which nothing is looked for in the log. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }
