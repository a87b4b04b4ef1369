import type { SecretStoreId } from '../known-brokers.ts'

/** A place that keeps one secret text for each broker. Rejects with CliFault or NotOurs when it can't be relied on. */
export interface SecretStore {
  readonly id: SecretStoreId
  /** For "kept in ...". */
  readonly where: string
  get(origin: string): Promise<string | undefined>
  put(origin: string, secret: string): Promise<void>
  /** Rejects as `put` would, as far as that can be told before: what is put may be given out only once. */
  prepare(origin: string): Promise<void>
  remove(origin: string): Promise<void>
}
