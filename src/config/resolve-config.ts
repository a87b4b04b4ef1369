import { resolve } from 'node:path'
import { parseRoleArn, type RoleArn } from '../entitlements/arn.ts'
import type { Account, Grant, Grantee, Role } from '../entitlements/catalogue.ts'
import type { AttemptLimit, AwsConfig, Config, NetworkConfig } from './config.ts'
import { type Environment, proxiesOf } from './env.ts'
import { compileGroupPattern } from './group-pattern.ts'
import { folderOf } from './references.ts'
import { resolveIssuer } from './resolve-issuer.ts'
import { resolveRole, type RoleFallbacks } from './resolve-role.ts'
import { methodGrants, resolveMethod } from './resolve-sign-in.ts'
import type { DocumentSettings } from './schema/document.ts'
import { Secret } from './secret.ts'

/** A checked document with every default filled in and every path absolute. */
export function resolveConfig(document: DocumentSettings, file: string, env: Environment): Config {
  const signIn = document.signIn.map((method) => resolveMethod(method, folderOf(file)))
  const severalPeoples = new Set(signIn.map(({ people }) => people)).size > 1
  const issuers = Object.entries(document.issuers)
  const accounts = new Map(
    Object.entries(document.accounts).map(([id, account]) => [id, { id, ...account }]),
  )
  const fallbacks: RoleFallbacks = {
    defaults: document.defaults,
    onlyIssuer: issuers.length === 1 ? issuers[0]?.[0] : undefined,
    severalPeoples,
  }
  const { listen, help } = document
  return {
    file,
    publicUrl: document.publicUrl.origin,
    listen: { host: listen.host, port: listen.port, tls: listen.tls },
    operations: document.operations,
    trustedProxies: document.trustedProxies,
    organisation: document.organisation,
    help: help && { label: help.label, href: String(help.href) },
    banner: document.banner,
    signIn,
    issuers: new Map(
      issuers.map(([name, issuer]) => [name, resolveIssuer(issuer, folderOf(file))]),
    ),
    accounts,
    roles: rolesOf(document, accounts, fallbacks),
    // What the configuration grants by name comes first, and so decides about issuer and settings.
    grants: [
      ...document.grants.map((grant, index) => grantOf(grant, index, fallbacks)),
      ...methodGrants(document, fallbacks),
    ],
    severalPeoples,
    aws: awsOf(document),
    network: networkOf(document, env),
    sessions: {
      idleSeconds: document.sessions.idle,
      absoluteSeconds: document.sessions.absolute,
      terminals: {
        tokenSeconds: document.sessions.cli.token,
        absoluteSeconds: document.sessions.cli.absolute,
      },
    },
    limits: {
      signIn: {
        perUser: limitOf(document.limits.signIn.perUser),
        perAddress: limitOf(document.limits.signIn.perAddress),
      },
    },
    audit: document.audit,
    state: `sqlite:${resolve(folderOf(file), document.state.slice('sqlite:'.length))}`,
    log: document.log,
  }
}

function rolesOf(
  document: DocumentSettings,
  accounts: ReadonlyMap<string, Account>,
  fallbacks: RoleFallbacks,
): ReadonlyMap<string, Role> {
  return new Map(
    document.roles.map((settings) => {
      const arn = checkedArn(settings.arn)
      const account = accounts.get(arn.accountId)
      if (!account) throw new TypeError(`unchecked account ${arn.accountId}`)
      return [settings.arn, { arn, account, ...resolveRole(settings, fallbacks) }]
    }),
  )
}

function checkedArn(text: string): RoleArn {
  const arn = parseRoleArn(text)
  if (!arn) throw new TypeError(`unchecked role ARN ${text}`)
  return arn
}

function grantOf(
  grant: DocumentSettings['grants'][number],
  index: number,
  fallbacks: RoleFallbacks,
): Grant {
  const { people, user, group, groupPattern, roles = [], role } = grant
  return {
    path: `grants[${index}]`,
    people,
    grantee: granteeOf({ user, group, groupPattern }),
    roles: role === undefined ? roles : [role],
    template: groupPattern === undefined ? undefined : resolveRole(grant, fallbacks),
  }
}

function granteeOf({
  user,
  group,
  groupPattern,
}: Readonly<Record<'user' | 'group' | 'groupPattern', string | undefined>>): Grantee {
  if (user !== undefined) return { kind: 'user', user }
  if (group !== undefined) return { kind: 'group', group }
  const pattern = compileGroupPattern(groupPattern ?? '')
  if (!pattern || groupPattern === undefined) throw new TypeError('unchecked grant')
  return { kind: 'group-pattern', pattern }
}

function awsOf({ aws }: DocumentSettings): AwsConfig {
  const { sts, federation, console, saml, rolesAnywhere } = aws.endpoints
  return {
    region: aws.region,
    fips: aws.fips,
    dualStack: aws.dualStack,
    endpoints: {
      sts: addressOf(sts),
      federation: addressOf(federation),
      console: addressOf(console),
      saml: addressOf(saml),
      rolesAnywhere: addressOf(rolesAnywhere),
    },
    failOver: aws.failOver && { region: aws.failOver.region, sts: addressOf(aws.failOver.sts) },
    circuit: aws.circuit,
    federationMethod: aws.federationMethod,
    attempts: aws.attempts,
  }
}

function addressOf(url: URL | undefined): string | undefined {
  return url?.href.replace(/\/$/, '')
}

function networkOf({ network, aws }: DocumentSettings, env: Environment): NetworkConfig {
  const proxies = network.proxy === 'environment' ? proxiesOf(env) : undefined
  return {
    httpProxy: secretOf(proxies?.http),
    httpsProxy: secretOf(proxies?.https),
    noProxy: proxies?.no,
    extraCa: network.ca,
    connectTimeout: aws.timeouts.connect * 1000,
    answerTimeout: aws.timeouts.answer * 1000,
  }
}

function secretOf(value: string | undefined): Secret | undefined {
  return value === undefined ? undefined : new Secret(value)
}

function limitOf(rule: DocumentSettings['limits']['signIn']['perUser']): AttemptLimit {
  return {
    limit: rule.tries,
    windowSeconds: rule.window,
    blockSeconds: rule.block,
    maxBlockSeconds: rule.maxBlock,
  }
}
