import type { Request } from 'express'

/**
 * Whether a visitor came by their own hand or from a page of ours, and no other site sent them (Fetch Metadata Request
 * Headers, W3C). A browser that doesn't say is not believed.
 */
export function cameByThemselves({ headersDistinct }: Request): boolean {
  const sites = headersDistinct['sec-fetch-site']
  return sites?.length === 1 && (sites[0] === 'none' || sites[0] === 'same-origin')
}
