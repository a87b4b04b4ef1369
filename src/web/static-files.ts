import express, { type RequestHandler } from 'express'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { requestFacts } from './request-context.ts'

/** What /public serves, and the hash that its addresses carry. */
export interface StaticFiles {
  readonly assets: string
  readonly serve: RequestHandler
}

/**
 * Files anybody may have. With `?v=` and the hash of this version they are kept for ever; without it, or with another
 * version's, browsers ask each time.
 */
export function staticFiles(folder: string): StaticFiles {
  const assets = hashOf(folder)
  const serve = express.static(folder, {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders(response) {
      const version = new URLSearchParams(response.req.url.split('?')[1]).get('v')
      const cache = version === assets ? 'public, max-age=31536000, immutable' : 'no-cache'
      response.setHeader('Cache-Control', cache)
    },
  })
  return {
    assets,
    serve: (request, response, next) => {
      requestFacts(request).route = '/public'
      serve(request, response, next)
    },
  }
}

function hashOf(folder: string): string {
  const hash = createHash('sha256')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
  for (const path of paths.sort()) hash.update(path.slice(folder.length)).update(readFileSync(path))
  return hash.digest('base64url').slice(0, 12)
}
