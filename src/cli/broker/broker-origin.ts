import { CliFault } from '../cli-fault.ts'
import { isLoopback } from '../is-loopback.ts'

/**
 * The origin of a broker as somebody wrote it; https where no scheme stands. CliFault for anything else than an origin,
 * and for http to another machine: whoever listens on the way would have the credentials.
 */
export function brokerOrigin(text: string): string {
  const url = URL.parse(text.includes('://') ? text : `https://${text}`)
  if (!url || url.hostname === '' || text.length > 512) throw refused(text, 'It is no address.')
  if (url.username !== '' || url.password !== '')
    throw refused(text, 'It must hold no user name and no password.')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw refused(text, 'It must end after the host and the port.')
  if (url.protocol === 'https:') return url.origin
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return url.origin
  throw refused(text, 'It must begin with https:// (http:// only on this machine).')
}

function refused(text: string, why: string): CliFault {
  const shown = JSON.stringify(text.slice(0, 200))
  return new CliFault(
    `${shown} is not the address of a Postern. ${why} It looks like https://postern.corp.example.`,
  )
}
