import type { Request } from 'express'
import { CrossSiteRequest } from '../../errors.ts'

/**
 * Refuses what a page has sent, its own site's too: browsers add tickets and certificates by themselves, and only pages
 * send Origin or a Sec-Fetch-Site other than `none` (Fetch Metadata, W3C). Throws CrossSiteRequest.
 */
export function programsOnly(request: Request): void {
  const sites = request.headersDistinct['sec-fetch-site'] ?? []
  const fromPage = request.headersDistinct['origin'] !== undefined
  if (!fromPage && sites.every((site) => site === 'none')) return
  throw new CrossSiteRequest('The API is for programs, and this came from a web page.')
}
