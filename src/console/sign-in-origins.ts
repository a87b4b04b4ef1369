import type { Partition } from '../entitlements/arn.ts'
import { partitionHosts } from './partition-hosts.ts'

/**
 * The origins that a sign-in URL leads through: browsers apply the CSP's form-action to every redirect that follows a POST
 * (CSP Level 3, §6.4.1). Configured endpoints count instead of AWS's hosts.
 */
export function signInOrigins(
  partitions: Iterable<Partition>,
  endpoints: {
    readonly federation?: string | undefined
    readonly console?: string | undefined
    readonly saml?: string | undefined
  },
): readonly string[] {
  const configured = [endpoints.federation, endpoints.console, endpoints.saml]
    .filter((url) => url !== undefined)
    .map((url) => new URL(url).origin)
  const own = [...new Set(partitions)].flatMap((partition) => {
    const hosts = partitionHosts(partition, undefined)
    if (!hosts) return []
    const signInHost = new URL(hosts.federationEndpoint).host.replace(/^[\w-]+\.(?=signin\.)/, '')
    return [signInHost, hosts.consoleHost].flatMap((host) => [
      `https://${host}`,
      `https://*.${host}`,
    ])
  })
  return [...new Set([...configured, ...own])]
}
