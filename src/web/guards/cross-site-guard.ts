import type { Request, RequestHandler } from 'express'
import { CrossSiteRequest } from '../../errors.ts'
import { ownOrigins } from './host-guard.ts'

/**
 * Refuses what another site sends (Fetch Metadata, W3C). Sec-Fetch-Site decides; Origin (RFC 6454 §7) only where a browser
 * sends no such header; and where both are missing nothing is known, so the answer is no.
 */
export function crossSiteGuard(publicUrl: URL): RequestHandler {
  return (request, _response, next) => {
    if (isOwn(request, publicUrl)) next()
    else throw new CrossSiteRequest('Postern takes this only from its own pages. Start from there.')
  }
}

function isOwn(request: Request, publicUrl: URL): boolean {
  const sites = request.headersDistinct['sec-fetch-site']
  if (sites) return sites.length === 1 && (sites[0] === 'same-origin' || sites[0] === 'none')
  const origins = request.headersDistinct['origin'] ?? []
  return origins.length === 1 && ownOrigins(request, publicUrl).some((own) => own === origins[0])
}
