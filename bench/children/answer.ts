import type { Usage } from '../measured-process.ts'

type Handler = (question: Record<string, unknown>) => Promise<unknown>

/** Tells the parent the port, then answers its questions: `usage` by itself, everything else by `handle`. */
export function answerParent(port: number, handle: Handler = () => Promise.resolve({})): void {
  const send = process.send?.bind(process)
  if (!send) throw new Error('this runs as a child of the benchmark')
  process.on('message', (question: Record<string, unknown>) => {
    void (question['ask'] === 'usage' ? Promise.resolve(usage()) : handle(question)).then(send)
  })
  process.once('SIGTERM', () => process.exit(0))
  // The parent is gone, however it went.
  process.once('disconnect', () => process.exit(0))
  send({ port })
}

function usage(): Usage {
  globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  const { heapUsed, rss } = process.memoryUsage()
  return { cpu: user + system, heap: heapUsed, rss }
}
