import {
  type IdentityProviderMetadata,
  readIdentityProviderMetadata,
} from '../saml/identity-provider-metadata.ts'
import type { Account, SamlProvider } from './world.ts'

export interface SamlProviderEntry {
  readonly account: Account
  readonly arn: string
  readonly name: string
  /** Undefined as long as nobody has uploaded any. */
  metadata(): Promise<IdentityProviderMetadata | undefined>
}

/** The SAML providers of every account. `add` throws an Error for one that IAM would refuse. */
export class SamlProviders {
  readonly #entries = new Map<string, SamlProviderEntry>()

  find(arn: string): SamlProviderEntry | undefined {
    return this.#entries.get(arn)
  }

  add(partition: string, account: Account, { name, metadata }: SamlProvider): void {
    const arn = `arn:${partition}:iam::${account.id}:saml-provider/${name}`
    if (!/^[\w.-]{1,128}$/.test(name)) throw new Error(`${arn}: IAM would refuse this name`)
    this.#entries.set(arn, { account, arn, name, metadata: reader(arn, metadata) })
  }
}

function reader(arn: string, given: SamlProvider['metadata']): SamlProviderEntry['metadata'] {
  if (typeof given === 'string') {
    const metadata = read(arn, given)
    return () => Promise.resolve(metadata)
  }
  let last: { text: string; metadata: IdentityProviderMetadata } | undefined
  return async () => {
    const text = await given()
    if (text === undefined) return undefined
    if (last?.text !== text) last = { text, metadata: read(arn, text) }
    return last.metadata
  }
}

function read(arn: string, text: string): IdentityProviderMetadata {
  try {
    return readIdentityProviderMetadata(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${arn}: ${why}`, { cause: error })
  }
}
