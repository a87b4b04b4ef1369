import { z } from 'zod'
import { jsonReply, type Reply } from '../http/reply.ts'
import { headerValues, type SandboxRequest } from '../http/request.ts'
import type { Environment } from '../sts/action.ts'
import { faultSchema, type Faults } from './faults.ts'

const command = z.union([
  z.strictObject({
    action: z.string().min(1).max(64),
    fault: faultSchema,
    times: z.number().int().min(1).max(10_000).default(1),
  }),
  z.strictObject({ refuseConnections: z.number().int().min(1).max(600_000) }),
  z.strictObject({ clear: z.literal(true) }),
])

/** `/_sandbox/…`: what was issued, and what shall go wrong. For programs on this machine, never for a web page. */
export function answerAdmin(
  environment: Environment,
  faults: Faults,
  request: SandboxRequest,
): Reply {
  if (headerValues(request, 'origin').length > 0 || !isLoopback(request)) {
    return jsonReply(403, { error: 'Only programs on this machine may use this.' })
  }
  const { method, path } = request
  if (path === '/_sandbox/issued' && method === 'GET') {
    return jsonReply(200, { issued: environment.issued.entries() })
  }
  if (path !== '/_sandbox/faults') return jsonReply(404, { error: 'There is nothing here.' })
  if (method === 'GET') return jsonReply(200, { waiting: faults.waiting() })
  if (method !== 'POST') return jsonReply(405, { error: 'Use GET or POST.' })
  return order(faults, request)
}

function order(faults: Faults, request: SandboxRequest): Reply {
  const type = headerValues(request, 'content-type').join().split(';')[0]
  if (type !== 'application/json') return jsonReply(415, { error: 'Send application/json.' })
  const parsed = command.safeParse(parseJson(request.body.toString('utf8')))
  if (!parsed.success) return jsonReply(400, { error: z.prettifyError(parsed.error) })
  const { data } = parsed
  if ('clear' in data) faults.clear()
  else if ('refuseConnections' in data) void faults.refuseConnections(data.refuseConnections)
  else faults.next(data.action, data.fault, data.times)
  return jsonReply(200, { waiting: faults.waiting() })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The peer's address, and the name it used: a page under a foreign name that resolves here has the wrong one. */
function isLoopback(request: SandboxRequest): boolean {
  const [host = ''] = headerValues(request, 'host')
  const name = host.replace(/:\d+$/, '')
  return (
    ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.remoteAddress ?? '') &&
    ['localhost', '127.0.0.1', '[::1]'].includes(name)
  )
}
