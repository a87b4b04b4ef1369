import type { Server } from 'node:http'
import { compose } from './compose.ts'
import { openListeners } from './compose/listeners.ts'
import type { Config } from './config/config.ts'
import { drain } from './web/drain.ts'
import { portOf } from './web/listener.ts'

/** How long requests under way may take after SIGTERM, in seconds; below the 30 that orchestrators usually give. */
const drainSeconds = 25

/** Composes and listens until SIGTERM or SIGINT, then drains: no request that came in is cut off. */
export async function serve(config: Config): Promise<void> {
  const stop = Promise.withResolvers<undefined>()
  // They stay: whoever signals twice, or a terminal and a parent at once, must not cut the draining off.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop.resolve(undefined)
    })
  }
  outliveReaders()
  const postern = await compose(config)
  const { logger, certificates } = postern
  const open: Server[] = []
  try {
    const { servers, operations } = await openListeners(postern, config)
    open.push(...servers, ...operations)
    // At a terminal, hanging up ends the program, as people expect.
    if (!process.stdin.isTTY) process.on('SIGHUP', () => void certificates.reload())
    const ports = [...servers, ...operations].map(portOf)
    logger.info({ url: config.publicUrl, ports }, 'Postern is listening')
    await stop.promise
    logger.info('draining')
    postern.drain()
    const clean = await drain(servers, drainSeconds, postern.effects)
    await drain(operations, 1, postern.effects)
    logger[clean ? 'info' : 'warn'](clean ? 'drained' : 'cut off what did not end in time')
  } finally {
    for (const server of open) server.close()
    await postern.close()
  }
}

/**
 * Whoever reads the log or the trail from standard output may go away. The trail stands in the database, and the end of a
 * collector is no reason to turn people away.
 */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}
