import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { isLoopback } from '../config/schema/url.ts'
import { signInOrigins } from '../console/sign-in-origins.ts'
import { partitions } from '../entitlements/arn.ts'
import type { WebSettings } from '../web/dependencies.ts'

/** What the pages need to know of the configuration. */
export function webSettings(config: Config): WebSettings {
  const { sessions, limits, aws } = config
  const root = join(import.meta.dirname, '..', '..')
  const named = [...config.roles.keys(), ...config.grants.flatMap(({ roles }) => roles)]
  const used = partitions.filter((id) => named.some((arn) => arn.startsWith(`arn:${id}:`)))
  return {
    publicUrl: new URL(config.publicUrl),
    trustedProxies: config.trustedProxies,
    browserSession: sessions,
    terminals: sessions.terminals,
    signInLimits: { address: limits.signIn.perAddress, name: limits.signIn.perUser },
    formActionOrigins: signInOrigins(used, aws.endpoints),
    viewsFolder: join(root, 'views'),
    publicFolder: join(root, 'public'),
    organisation: config.organisation,
    help: config.help,
    banner: config.banner,
    stsEndpoint: endpointForPeople(aws.endpoints.sts, config.publicUrl),
  }
}

/** What is on the broker's own machine is on nobody else's, and nobody else is told of it. */
function endpointForPeople(endpoint: string | undefined, publicUrl: string): string | undefined {
  if (endpoint === undefined || isLoopback(new URL(publicUrl).hostname)) return endpoint
  return isLoopback(new URL(endpoint).hostname) ? undefined : endpoint
}

/** IDs of the sign-in methods whose responses are kept for AWS. */
export function passesOn({ issuers }: Pick<Config, 'issuers'>): ReadonlySet<string> {
  const methods = [...issuers.values()].flatMap((issuer) =>
    issuer.type === 'assume-role-with-saml' && issuer.assertions.from === 'sign-in'
      ? issuer.assertions.method
      : [],
  )
  return new Set(methods)
}
