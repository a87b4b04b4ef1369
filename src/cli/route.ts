import type { Agents } from '../rolesanywhere/exchange.ts'
import { caBundle, caFolders } from './ca-bundle.ts'
import { isLoopback } from './is-loopback.ts'
import { proxies } from './proxies.ts'
import { namesAuthorities, type Route } from './settings/session-settings.ts'
import type { Surroundings } from './surroundings.ts'

/** What a client proves itself with in TLS; both PEM, the certificate with those above it. */
export interface ClientKey {
  readonly cert: string
  readonly key: string
}

/**
 * The ways that bring the user's trust and proxy. With `system`, the certificates that the
 * system trusts count as well. CliFault when the CA bundle can't be read, or a proxy is none.
 */
export async function agentsFor(
  url: URL,
  route: Route,
  { env, prepareTls }: Pick<Surroundings, 'env' | 'prepareTls'>,
  { system = false, client }: { system?: boolean; client?: ClientKey | undefined } = {},
): Promise<Agents> {
  const secure = url.protocol === 'https:'
  const proxyEnv = isLoopback(url.hostname) ? undefined : proxies({ env })
  const ca = secure ? await trusted(route, system) : undefined
  if (!secure) {
    if (!proxyEnv) return {}
    const { Agent } = await import('node:http')
    return { httpAgent: new Agent({ proxyEnv }) }
  }
  // A proxy may show a certificate that Node's own authorities signed.
  await prepareTls(namesAuthorities(route) && !proxyEnv)
  const trust = {
    ...(ca && { ca }),
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED can't undo it.
    rejectUnauthorized: route.verify,
    ...client,
  }
  if (!proxyEnv) return { trust }
  const { Agent } = await import('node:https')
  return { httpsAgent: new Agent({ proxyEnv, ...trust }) }
}

async function trusted(route: Route, system: boolean): Promise<string[] | undefined> {
  if (namesAuthorities(route)) {
    return [
      ...(route.caBundle === undefined ? [] : [caBundle(route.caBundle)]),
      ...(route.caFolders === undefined ? [] : caFolders(route.caFolders)),
    ]
  }
  if (!system) return undefined
  const { getCACertificates } = await import('node:tls')
  return [...getCACertificates('default'), ...getCACertificates('system')]
}
