import { once } from 'node:events'
import { compose } from './compose.ts'
import type { Config } from './config/config.ts'
import { drain } from './web/drain.ts'
import { listen, portOf } from './web/listener.ts'

/** How long requests under way may take after SIGTERM, in seconds; below the 30 that orchestrators usually give. */
const drainSeconds = 25

/** Composes and listens until SIGTERM or SIGINT, then drains: no request that came in is cut off. */
export async function serve(config: Config): Promise<void> {
  const stop = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  const postern = await compose(config)
  const { logger } = postern
  const tls = config.listen.tls && {
    certificate: config.listen.tls.certificate,
    key: config.listen.tls.key.reveal(),
  }
  try {
    const servers = await listen(postern.app, { ...config.listen, tls })
    const operations = await listen(postern.operations, config.operations)
    const ports = [...servers, ...operations].map(portOf)
    logger.info({ url: config.publicUrl, ports }, 'Postern is listening')
    await stop
    logger.info('draining')
    postern.drain()
    const clean = await drain(servers, drainSeconds, postern.effects)
    await drain(operations, 1, postern.effects)
    logger[clean ? 'info' : 'warn'](clean ? 'drained' : 'cut off what did not end in time')
  } finally {
    await postern.close()
  }
}
