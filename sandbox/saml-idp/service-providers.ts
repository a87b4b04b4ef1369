import { type ServiceProvider, readServiceProvider } from './service-provider.ts'

/** A service provider that may ask, and where its metadata comes from. */
export interface ServiceProviderSource {
  readonly label: string
  /** The document, or whoever has it: asked at each use, so that new keys count at once. */
  readonly metadata: string | (() => Promise<string>)
  /** Audiences beside its own entity ID; AWS's for one that hands its responses on to STS. */
  readonly audiences?: readonly string[]
}

export interface KnownServiceProvider extends ServiceProvider {
  readonly label: string
  readonly audiences: readonly string[]
}

/** One entry of the list, as it is now. */
export interface Listed {
  readonly label: string
  /** Undefined with the reason why, where the metadata can't be had. */
  readonly provider: KnownServiceProvider | undefined
  readonly fault: string | undefined
}

/** The service providers that the identity provider knows, and no other. */
export class ServiceProviders {
  readonly #sources: readonly ServiceProviderSource[]
  readonly #now: () => Date

  constructor(sources: readonly ServiceProviderSource[], now: () => Date) {
    this.#sources = sources
    this.#now = now
  }

  async list(): Promise<Listed[]> {
    return await Promise.all(this.#sources.map((source) => this.#read(source)))
  }

  /** Those of that entity ID; two deployments may share one. */
  async named(entityId: string): Promise<KnownServiceProvider[]> {
    const all = await this.list()
    return all.flatMap(({ provider }) => (provider?.entityId === entityId ? [provider] : []))
  }

  async #read({ label, metadata, audiences = [] }: ServiceProviderSource): Promise<Listed> {
    try {
      const text = typeof metadata === 'string' ? metadata : await metadata()
      const provider = { ...readServiceProvider(text, this.#now()), label, audiences }
      return { label, provider, fault: undefined }
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error)
      return { label, provider: undefined, fault }
    }
  }
}
