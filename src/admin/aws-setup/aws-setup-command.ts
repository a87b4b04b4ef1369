import type { Environment } from '../../config/env.ts'
import type { Config } from '../../config/config.ts'
import type { Effects } from '../../effects.ts'
import { BrokerError } from '../../errors.ts'
import type { AdminIo } from '../admin-io.ts'
import { readConfig } from '../config-source.ts'
import { parseArguments } from '../parse-arguments.ts'
import { accountSetups } from './account-setups.ts'
import { cloudFormation } from './cloudformation.ts'
import { issuerMaterial } from './issuer-material.ts'
import type { AccountSetup } from './setup.ts'
import type { IssuerMaterial } from './setup-part.ts'
import { terraform } from './terraform.ts'

const awsSetupUsage = `Usage: postern-server aws-setup [--account ID] [--terraform] [--config FILE]

Prints what an account needs in AWS for the configured roles and issuers: trust
policies, SAML provider, trust anchor, profile, and the policy of Postern itself,
as a CloudFormation template, or with --terraform as a postern.tf.json. With
several accounts, --account names one. Standard error holds what to do besides.
Exit code: 0 printed, 1 not.`

const options = {
  account: { type: 'string' },
  terraform: { type: 'boolean' },
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

type SetupEffects = Pick<Effects, 'now' | 'randomBytes' | 'sleep'>

/** `postern-server aws-setup`. Resolves to the exit code. */
export async function awsSetupCommand(
  argv: readonly string[],
  io: AdminIo,
  env: Environment,
  effects: SetupEffects,
): Promise<number> {
  const parsed = parseArguments(argv, options)
  if (typeof parsed === 'string') {
    io.stderr(`${parsed}\n\n${awsSetupUsage}`)
    return 2
  }
  const { account, terraform: asTerraform, config: file, help } = parsed.values
  if (help === true) {
    io.stdout(awsSetupUsage)
    return 0
  }
  const config = readConfig(file, env, io)
  if (!config) return 1
  const setups = accountSetups(config, await materialOf(config, io, effects))
  const setup = chosen(setups, account, io)
  if (!setup) return 1
  io.stdout((asTerraform === true ? terraform(setup) : cloudFormation(setup)).trimEnd())
  for (const note of setup.notes) io.stderr(`Note: ${note}`)
  return 0
}

/** Keys that can't be read leave parameters in their place, and a word why. */
async function materialOf(
  config: Config,
  io: AdminIo,
  effects: SetupEffects,
): Promise<ReadonlyMap<string, IssuerMaterial>> {
  const found = new Map<string, IssuerMaterial>()
  for (const [name, issuer] of config.issuers) {
    try {
      found.set(name, await issuerMaterial(issuer, config, effects))
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error
      io.stderr(
        `Note: the key of ${name} can not be used yet, so a parameter stands for it: ${error.message}`,
      )
    }
  }
  return found
}

function chosen(
  setups: readonly AccountSetup[],
  account: string | undefined,
  io: AdminIo,
): AccountSetup | undefined {
  const ids = setups.map(({ accountId }) => accountId).join(', ')
  const found =
    account === undefined && setups.length === 1
      ? setups[0]
      : setups.find(({ accountId }) => accountId === account)
  if (found) return found
  io.stderr(
    setups.length === 0
      ? 'No role uses an issuer, so there is nothing to set up.'
      : `Name one of the accounts with --account: ${ids}.`,
  )
  return undefined
}
