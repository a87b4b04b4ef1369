import express, { type Express, type RequestHandler } from 'express'
import { setTimeout as delay } from 'node:timers/promises'
import type { ReadinessCheck } from './dependencies.ts'
import { requestFacts } from './request-context.ts'

/** What one check found; `fault` is for operators only. */
interface CheckResult {
  readonly name: string
  readonly vital: boolean
  readonly fault: string | undefined
}

function isReady(results: readonly CheckResult[]): boolean {
  return results.every(({ vital, fault }) => !vital || fault === undefined)
}

/** Tells whether Postern can take traffic. */
export type Readiness = () => Promise<readonly CheckResult[]>

const patienceMilliseconds = 2_000
const freshMilliseconds = 1_000

/**
 * Runs all checks at once, at most once a second, however many ask: anybody may ask. What is from later than now is no
 * news either: the clock was set back.
 */
export function createReadiness(checks: readonly ReadinessCheck[], now: () => Date): Readiness {
  let latest: { readonly at: number; readonly results: Promise<readonly CheckResult[]> } | undefined
  return () => {
    const at = now().getTime()
    if (!latest || Math.abs(at - latest.at) >= freshMilliseconds) {
      latest = { at, results: Promise.all(checks.map(runCheck)) }
    }
    return latest.results
  }
}

async function runCheck({ name, vital = true, check }: ReadinessCheck): Promise<CheckResult> {
  const timer = new AbortController()
  const late = async () => {
    await delay(patienceMilliseconds, undefined, { signal: timer.signal })
    throw new Error(`no answer within ${patienceMilliseconds} ms`)
  }
  try {
    await Promise.race([check(), late()])
    return { name, vital, fault: undefined }
  } catch (error) {
    return { name, vital, fault: error instanceof Error ? error.message : String(error) }
  } finally {
    timer.abort()
  }
}

/** `/healthz`: the process answers. `/readyz`: it can do its work, and is not about to stop. No details. */
export function healthRoutes(readiness: Readiness, isDraining: () => boolean): RequestHandler {
  const router = express.Router({ caseSensitive: true, strict: true })
  router.get('/healthz', (request, response) => {
    requestFacts(request).route = '/healthz'
    response.type('text/plain').send('ok\n')
  })
  router.get('/readyz', async (request, response) => {
    requestFacts(request).route = '/readyz'
    const results = isDraining() ? undefined : await readiness()
    const ready = results !== undefined && isReady(results)
    response
      .status(ready ? 200 : 503)
      .type('text/plain')
      .send(ready ? 'ready\n' : 'not ready\n')
  })
  return router
}

/** What the operations listener is made of. */
export interface OperationsParts {
  readonly readiness: Readiness
  readonly isDraining: () => boolean
  /** The numbers in Prometheus' text format. */
  readonly metrics: { readonly contentType: string; text(): Promise<string> }
}

/** The listener of operators: which check failed and why, and the metrics. It belongs on loopback. */
export function createOperationsApp(parts: OperationsParts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    response.setHeader('X-Content-Type-Options', 'nosniff')
    next()
  })
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' })
  })
  app.get('/readyz', async (_request, response) => {
    const results = await parts.readiness()
    const draining = parts.isDraining()
    const ready = !draining && isReady(results)
    const checks = Object.fromEntries(results.map(({ name, fault }) => [name, fault ?? 'ok']))
    response
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ready' : 'not ready', draining, checks })
  })
  app.get('/metrics', async (_request, response) => {
    response.setHeader('Content-Type', parts.metrics.contentType)
    response.end(await parts.metrics.text())
  })
  return app
}
