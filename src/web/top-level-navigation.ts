import type { Request } from 'express'

/**
 * Whether somebody is going to see the answer as a page of its own: a GET navigation of a whole tab (Fetch Metadata
 * Request Headers, W3C), and neither a frame, nor a HEAD, nor a prefetch that the visitor may never ask for. A browser
 * that doesn't say is not believed.
 */
export function isTopLevelNavigation(request: Request): boolean {
  const { method, headersDistinct } = request
  const says = (name: string, value: string) => {
    const values = headersDistinct[name]
    return values?.length === 1 && values[0] === value
  }
  const ahead = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']
  return (
    method === 'GET' &&
    says('sec-fetch-mode', 'navigate') &&
    says('sec-fetch-dest', 'document') &&
    ahead.every((name) => headersDistinct[name] === undefined)
  )
}

/** Whether a browser says that nobody is going to see the answer as a page of its own. One that says nothing is believed. */
export function isPartOfPage({ headersDistinct }: Request): boolean {
  const { 'sec-fetch-mode': modes = [], 'sec-fetch-dest': places = [] } = headersDistinct
  return modes.some((mode) => mode !== 'navigate') || places.some((place) => place !== 'document')
}
