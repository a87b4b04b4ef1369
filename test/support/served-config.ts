import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { compose } from '../../src/compose.ts'
import type { Effects } from '../../src/effects.ts'
import { base, load } from '../config/configuration.ts'
import { Browser } from './browser.ts'
import { silentLogger } from './silent-logger.ts'

const trailEvent = z.looseObject({
  type: z.string(),
  people: z.string().optional(),
  personId: z.string().optional(),
  name: z.string().optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
})
const trailLine = z.object({ event: trailEvent })

export interface ServedConfig {
  /** Everything in the trail, as it was written. */
  readonly trail: z.output<typeof trailEvent>[]
  readonly browser: () => Browser
}

/** The whole server as a configuration has it, on a free port of loopback. `changes` stand over the smallest one. */
export async function serveConfig(
  changes: object,
  files: Readonly<Record<string, string>> = {},
  effects: Partial<Effects> = {},
): Promise<ServedConfig> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-served-'))
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')
  const origin = `http://127.0.0.1:${address.port}`
  const trail: z.output<typeof trailEvent>[] = []
  const places = { publicUrl: origin, state: `sqlite:${folder}/postern.db` }
  const audit = { ...base.audit, stdout: true }
  const postern = await compose(load({ ...base, ...places, audit, ...changes }, { files }), {
    effects,
    logger: silentLogger,
    auditStdout: (line) => trail.push(trailLine.parse(JSON.parse(line)).event),
  })
  server.on('request', postern.app)
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await postern.close()
    rmSync(folder, { recursive: true })
  })
  return { trail, browser: () => new Browser(origin) }
}
