import { readFileSync } from 'node:fs'
import type { Agents } from '../rolesanywhere/exchange.ts'
import { CliFault } from './cli-fault.ts'
import { isLoopback } from './is-loopback.ts'
import type { Route } from './settings/session-settings.ts'
import type { Surroundings } from './surroundings.ts'

/** What a client proves itself with in TLS; both PEM, the certificate with those above it. */
export interface ClientKey {
  readonly cert: string
  readonly key: string
}

/**
 * The ways that bring the user's trust and proxy. With `system`, the certificates that the
 * system trusts count as well. CliFault when the CA bundle can't be read.
 */
export async function agentsFor(
  url: URL,
  route: Route,
  { env, prepareTls }: Pick<Surroundings, 'env' | 'prepareTls'>,
  { system = false, client }: { system?: boolean; client?: ClientKey | undefined } = {},
): Promise<Agents> {
  const secure = url.protocol === 'https:'
  const proxyEnv = isLoopback(url.hostname) ? undefined : proxies(env)
  const ca = secure ? await trusted(route, system) : undefined
  if (!secure) {
    if (!proxyEnv) return {}
    const { Agent } = await import('node:http')
    return { httpAgent: new Agent({ proxyEnv }) }
  }
  // A proxy may show a certificate that Node's own authorities signed.
  await prepareTls(route.caBundle !== undefined && !proxyEnv)
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

async function trusted({ caBundle }: Route, system: boolean): Promise<string[] | undefined> {
  if (caBundle !== undefined) return [bundle(caBundle)]
  if (!system) return undefined
  const { getCACertificates } = await import('node:tls')
  return [...getCACertificates('default'), ...getCACertificates('system')]
}

function bundle(path: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CliFault(`The CA bundle ${path} can't be read. Check --ca and AWS_CA_BUNDLE.`, {
      cause,
    })
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text
  throw new CliFault(
    `The CA bundle ${path} holds no PEM certificate. Check --ca and AWS_CA_BUNDLE.`,
  )
}

function proxies(env: Surroundings['env']): Record<string, string> | undefined {
  const either = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? ''
  const [https, http, no] = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].map(either)
  if (!https && !http) return undefined
  return { HTTPS_PROXY: https ?? '', HTTP_PROXY: http ?? '', NO_PROXY: no ?? '' }
}
