import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Effects } from '../effects.ts'

const lookEveryMilliseconds = 50

/**
 * Stops listening and waits until every request that was under way has its answer, at most so many seconds. Tells
 * whether all were answered; what is left after that is cut off.
 */
export async function drain(
  servers: readonly (HttpServer | HttpsServer)[],
  seconds: number,
  { sleep }: Pick<Effects, 'sleep'>,
): Promise<boolean> {
  let open = servers.length
  for (const server of servers) {
    server.close(() => {
      open -= 1
    })
  }
  for (let waited = 0; open > 0 && waited < seconds * 1000; waited += lookEveryMilliseconds) {
    // A connection whose answer began before the drain stays open afterwards, with nothing to wait for.
    for (const server of servers) server.closeIdleConnections()
    await sleep(lookEveryMilliseconds)
  }
  for (const server of servers) server.closeAllConnections()
  return open === 0
}
