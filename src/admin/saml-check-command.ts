import { metadataSettingsOf, samlSettingsOf } from '../compose/saml.ts'
import type { Config } from '../config/config.ts'
import type { Environment } from '../config/env.ts'
import type { SamlMethodConfig } from '../config/saml-method-config.ts'
import { type Effects, openNetwork, realEffects } from '../effects.ts'
import { MetadataFault } from '../identity/saml/metadata-fault.ts'
import { createMetadataSource } from '../identity/saml/metadata-source.ts'
import { clockFinding } from '../identity/saml/provider-clock.ts'
import { type Finding, samlFindings } from '../identity/saml/saml-findings.ts'
import { createLogger } from '../telemetry/logger.ts'
import type { AdminIo } from './admin-io.ts'
import { readConfig } from './config-source.ts'
import { parseArguments } from './parse-arguments.ts'

const usage = `Usage: postern-server saml check METHOD [--config FILE] [--offline]

Reads the metadata of a SAML sign-in method as the server would, and lists what
would fail and what will soon. Asks the provider's host for the time, unless
--offline. Exit code: 0 nothing would fail, 1 something would.`

const options = {
  config: { type: 'string' },
  offline: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** `postern-server saml check`. Resolves to the exit code. */
export async function samlCommand(
  argv: readonly string[],
  io: AdminIo,
  env: Environment,
  overrides: Partial<Effects> = {},
): Promise<number> {
  const parsed = parseArguments(argv, options, 2)
  if (typeof parsed === 'string') {
    io.stderr(`${parsed}\n\n${usage}`)
    return 2
  }
  if (parsed.values.help === true) {
    io.stdout(usage)
    return 0
  }
  const [word, id] = parsed.positionals
  if (word !== 'check' || id === undefined) {
    io.stderr(usage)
    return 2
  }
  const config = readConfig(parsed.values.config, env, io)
  if (!config) return 1
  const methods = config.signIn.filter((method) => method.type === 'saml')
  const method = methods.find((each) => each.id === id)
  if (!method) {
    const names = methods.map((each) => each.id).join(', ')
    io.stderr(
      `No SAML method is called ${id}; ${names === '' ? 'there is none' : `there is ${names}`}.`,
    )
    return 2
  }
  const { httpProxy, httpsProxy, ...network } = config.network
  const opened = openNetwork({
    ...network,
    httpProxy: httpProxy?.reveal(),
    httpsProxy: httpsProxy?.reveal(),
  })
  try {
    const effects = { ...realEffects(opened), ...overrides }
    return await check(method, config, effects, parsed.values.offline === true, io)
  } finally {
    await opened.close()
  }
}

async function check(
  method: SamlMethodConfig,
  config: Config,
  effects: Effects,
  offline: boolean,
  io: AdminIo,
): Promise<number> {
  const settings = samlSettingsOf(method, config.publicUrl)
  // Told in words of this command; and the server's own copy is left alone.
  const logger = createLogger({ level: 'error' })
  const place = { ...metadataSettingsOf(method, config), copy: undefined }
  const source = createMetadataSource(place, effects, logger)
  io.stdout(`Postern's entity ID     ${settings.spEntityId}`)
  io.stdout(`Postern's metadata      ${config.publicUrl}/saml/${method.id}/metadata`)
  io.stdout(`Responses go to         ${settings.acsUrl}`)
  io.stdout(`Sign-outs go to         ${settings.logoutUrl}`)
  try {
    await source.load()
  } catch (error) {
    if (!(error instanceof MetadataFault)) throw error
    tell({ tone: 'fault', text: error.message }, io)
    return 1
  }
  const provider = source.current()
  io.stdout(`Provider's entity ID    ${provider.entityId}`)
  const findings = [...samlFindings(settings, provider, effects.now())]
  if (!offline) {
    const { location } = method.metadata
    const address = 'url' in location ? location.url : provider.signIn[0]?.location
    if (address !== undefined)
      findings.push(await clockFinding(address, settings.clockSkewSeconds, effects))
  }
  for (const finding of findings) tell(finding, io)
  return findings.some(({ tone }) => tone === 'fault') ? 1 : 0
}

function tell({ tone, text }: Finding, io: AdminIo): void {
  const line = `${{ ok: 'in order', note: 'note', fault: 'FAULT' }[tone].padEnd(10)}${text}`
  if (tone === 'fault') io.stderr(line)
  else io.stdout(line)
}
