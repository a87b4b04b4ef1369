import { monitorEventLoopDelay } from 'node:perf_hooks'
import { compose } from '../../src/compose.ts'
import { readEnvironment } from '../../src/config/env.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { createLogger } from '../../src/telemetry/logger.ts'
import { listen } from '../../src/web/listener.ts'
import { answerParent } from './answer.ts'
import { WatchedBuffers } from './watched-buffers.ts'

/** The broker as in production, on the configuration that the first argument names, logging errors only. */
const config = loadConfig(process.argv[2] ?? '', readEnvironment())
const { app } = await compose(config, { logger: createLogger({ level: 'error' }) })
await listen(app, { host: 'localhost', port: config.listen.port })
const delay = monitorEventLoopDelay({ resolution: 1 })
const buffers = new WatchedBuffers()
answerParent(config.listen.port, ({ ask }) => {
  if (ask === 'watch-loop') {
    delay.reset()
    delay.enable()
    buffers.start()
    return Promise.resolve({})
  }
  delay.disable()
  const milliseconds = (share: number): number => delay.percentile(share) / 1e6
  return Promise.resolve({
    p50: milliseconds(50),
    p99: milliseconds(99),
    max: delay.max / 1e6,
    buffered: buffers.stop(),
  })
})
