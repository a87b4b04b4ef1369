import express from 'express'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { usualSignInLimits } from '../../src/identity/sign-in-limits.ts'
import { securityHeaders } from '../../src/web/guards/security-headers.ts'
import { useViews } from '../../src/web/view-engine.ts'
import { states } from './states.ts'

export interface LookServer {
  readonly url: string
  /** Bodies of the forms that were posted, as `path?fields`. */
  readonly posted: string[]
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../..')

/** Serves each state at `/look/{name}`, with the views, headers and files of the real thing and nothing behind them. */
export async function startLookServer(): Promise<LookServer> {
  const app = express()
  const posted: string[] = []
  const viewsFolder = join(root, 'views')
  const publicFolder = join(root, 'public')
  useViews(app, viewsFolder)
  app.use(
    ...securityHeaders({
      publicUrl: new URL('http://localhost'),
      trustedProxies: [],
      browserSession: { idleSeconds: 1800, absoluteSeconds: 28_800 },
      terminals: { tokenSeconds: 900, absoluteSeconds: 43_200 },
      signInLimits: usualSignInLimits,
      formActionOrigins: ['https://signin.aws.amazon.com'],
      viewsFolder,
      publicFolder,
      stsEndpoint: undefined,
      organisation: undefined,
      help: undefined,
      banner: undefined,
    }),
  )
  app.use('/public', express.static(publicFolder))
  app.get(['/look/:name', '/role-sessions/:name'], (request, response) => {
    const name =
      request.params['name'] === 'AAAAAAAAAAAAAAAAAAAAAA' ? 'session' : request.params['name']
    const state = states[String(name)]
    if (!state) {
      response.status(404).end()
      return
    }
    const page = state.page(new Date(), textsOf(request.query))
    response.render(state.view, { frame: state.frame, page })
  })
  app.post('/{*path}', express.urlencoded({ extended: false }), (request, response) => {
    const fields = new URLSearchParams(textsOf(request.body))
    posted.push(`${request.path}?${fields.toString()}`)
    response.send('<!doctype html><title>posted</title>')
  })
  const server: Server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    posted,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function textsOf(fields: unknown): Record<string, string> {
  const entries = Object.entries(typeof fields === 'object' && fields !== null ? fields : {})
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
