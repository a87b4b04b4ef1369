import { composeIssuers } from '../../compose/issuers.ts'
import type { Config } from '../../config/config.ts'
import type { Environment } from '../../config/env.ts'
import type { SourceConfig } from '../../config/issuer-config.ts'
import type { Effects } from '../../effects.ts'
import { callerIdentity } from '../../issuers/caller-identity.ts'
import { stsAddress } from '../../issuers/sts-address.ts'
import type { AdminIo } from '../admin-io.ts'
import { readConfig } from '../config-source.ts'
import { parseArguments } from '../parse-arguments.ts'
import { withRealEffects } from '../real-effects.ts'
import { examineKey, examineListener, issuerKeys } from './certificates.ts'
import { examineDirectories } from './directories.ts'
import { dryRun } from './dry-run.ts'
import { endpointsOf, examineEndpoint } from './endpoints.ts'
import { examineClientCertificates } from './client-certificates.ts'
import { examineKerberos } from './kerberos-key.ts'
import { examined, type Finding, linesOf, ok } from './finding.ts'

const doctorUsage = `Usage: postern-server doctor [--assume-roles] [--config FILE]

Tries what can be tried from here: whether every endpoint of AWS answers and the
clocks agree, whom the base credentials stand for, whether keys and certificates
are good and for how long, whether directories answer and Kerberos tickets can be
taken, and whether what client certificates are checked by can be had. With
--assume-roles, also takes each configured role for 15 minutes, and drops what
comes back. Each failure comes with its fix. Exit code: 0 nothing failed, 1
something did.`

const options = {
  'assume-roles': { type: 'boolean' },
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** `postern-server doctor`. Resolves to the exit code. `overrides` are for tests. */
export async function doctorCommand(
  argv: readonly string[],
  io: AdminIo,
  env: Environment,
  overrides: Partial<Effects> = {},
): Promise<number> {
  const parsed = parseArguments(argv, options)
  if (typeof parsed === 'string') {
    io.stderr(`${parsed}\n\n${doctorUsage}`)
    return 2
  }
  const { 'assume-roles': takesRoles, config: file, help } = parsed.values
  if (help === true) {
    io.stdout(doctorUsage)
    return 0
  }
  const config = readConfig(file, env, io)
  if (!config) return 1
  const { network } = config
  const findings = await withRealEffects(
    (effects) => examine(config, { ...effects, ...overrides }, takesRoles === true),
    {
      ...network,
      httpProxy: network.httpProxy?.reveal(),
      httpsProxy: network.httpsProxy?.reveal(),
    },
  )
  for (const finding of findings) for (const line of linesOf(finding)) io.stdout(line)
  const failed = findings.filter(({ state }) => state === 'failed').length
  io.stdout(failed === 0 ? 'Nothing failed.' : `${failed} failed.`)
  return failed === 0 ? 0 : 1
}

async function examine(
  config: Config,
  effects: Effects,
  takesRoles: boolean,
): Promise<readonly Finding[]> {
  const listener = examineListener(config, effects.now())
  const kerberos = await examineKerberos(config)
  const clients = await examineClientCertificates(config, effects)
  const [directories, endpoints, keys, callers] = await Promise.all([
    examineDirectories(config, effects),
    Promise.all(endpointsOf(config).map((endpoint) => examineEndpoint(endpoint, effects))),
    Promise.all(issuerKeys(config.issuers).map((key) => examineKey(key, effects))),
    Promise.all(callersOf(config, effects)),
  ])
  const roles = takesRoles ? await dryRuns(config, effects) : []
  const local = [listener, kerberos].filter((finding) => finding !== undefined)
  return [...local, ...directories, ...clients, ...keys, ...endpoints, ...callers, ...roles]
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** Whom each set of base credentials stands for. */
function callersOf(config: Config, effects: Effects): readonly Promise<Finding>[] {
  const { aws, network, issuers } = config
  return [...issuers].flatMap(([name, issuer]) => {
    const source: SourceConfig | undefined = 'source' in issuer ? issuer.source : undefined
    // What a certificate stands for shows in the role that it takes.
    if (source === undefined || source.type === 'roles-anywhere') return []
    const what = `base credentials of ${name}`
    const region = issuer.region ?? aws.region ?? 'us-east-1'
    return [
      examined(what, async () => {
        const arn = await callerIdentity({
          source,
          endpoint: stsAddress(aws, region),
          region,
          effects,
          logger: silent,
          timeouts: { connect: network.connectTimeout, answer: network.answerTimeout },
        })
        return ok(what, arn)
      }),
    ]
  })
}

/** One after the other: quotas are everybody's. */
async function dryRuns(config: Config, effects: Effects): Promise<readonly Finding[]> {
  const { issuers } = composeIssuers({
    config,
    effects,
    logger: silent,
    audit: { record: () => Promise.resolve() },
    claims: { claim: () => Promise.resolve(true), deleteExpired: () => Promise.resolve(0) },
    tellCall: () => undefined,
  })
  const findings: Finding[] = []
  for (const role of config.roles.values()) {
    const { issuer } = role
    findings.push(await dryRun(role, config.issuers.get(issuer), issuers.get(issuer)))
  }
  return findings
}
