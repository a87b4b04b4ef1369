import type { Request } from 'express'
import { ownOrigins } from './guards/host-guard.ts'
import { isTopLevelNavigation } from './top-level-navigation.ts'

/**
 * Whether the visitor came here from a page of ours or by their own hand, and neither sent by another site nor by way of
 * one: Sec-Fetch-Site tells even of a redirect in between (Fetch Metadata Request Headers, W3C). Browsers that don't send
 * it, and those on plain http, must name a page of ours as Referer, which no other site can make them do.
 */
export function isOwnNavigation(request: Request, publicUrl: URL): boolean {
  const sites = request.headersDistinct['sec-fetch-site']
  if (sites) {
    const isOwn = sites.length === 1 && (sites[0] === 'same-origin' || sites[0] === 'none')
    return isOwn && isTopLevelNavigation(request)
  }
  const [referer, ...more] = request.headersDistinct['referer'] ?? []
  const origin = more.length === 0 && referer !== undefined ? URL.parse(referer)?.origin : undefined
  return ownOrigins(request, publicUrl).some((own) => own === origin)
}
