import { join } from 'node:path'
import type { TokenAnswer } from '../../contract/answers.ts'
import { fnv1a } from '../cache/cache-key.ts'
import { ownFolder } from '../cache/own-files.ts'
import type { KernelLock } from '../cache/kernel-lock.ts'
import { lockOr } from '../cache/with-lock.ts'
import { CliFault } from '../cli-fault.ts'
import type { Surroundings } from '../surroundings.ts'
import { ApiFault, SignInNeeded } from './api-fault.ts'
import { BrokerApi } from './broker-api.ts'
import { sendTo, type Way } from './broker-sender.ts'
import { configFolder } from './config-folder.ts'
import { type HeldTokens, tokensIn, tokensOf, tokensText } from './held-tokens.ts'
import type { SecretStoreId } from './known-brokers.ts'
import { secretStore } from './secrets/choose-secret-store.ts'
import type { SecretStore } from './secrets/secret-store.ts'
import { writing } from './writing.ts'

const longestWait = 60_000
// A token that ends on the way helps nobody.
const reserve = 30_000

/** The tokens that a login at a broker left behind. */
export async function tokenKeeper(
  way: Way,
  kept: SecretStoreId,
  surroundings: Surroundings,
): Promise<TokenKeeper> {
  const api = new BrokerApi(way.origin, (request) => sendTo(way, request, {}, surroundings))
  const refresh = (refreshToken: string): Promise<TokenAnswer> =>
    api.token({
      grant_type: 'refresh_token',
      client_id: 'postern-cli',
      refresh_token: refreshToken,
    })
  const store = await secretStore(kept, surroundings)
  return new TokenKeeper(way.origin, store, refresh, surroundings)
}

/**
 * The tokens of a sign-in, renewed by rotation. Using a refresh token twice ends the sign-in (RFC 9700 §4.14.2), so one
 * process alone renews, where what it gets can be kept, and keeps it before it is used.
 */
export class TokenKeeper {
  readonly #origin: string
  readonly #store: SecretStore
  readonly #refresh: (refreshToken: string) => Promise<TokenAnswer>
  readonly #surroundings: Surroundings

  constructor(
    origin: string,
    store: SecretStore,
    refresh: (refreshToken: string) => Promise<TokenAnswer>,
    surroundings: Surroundings,
  ) {
    this.#origin = origin
    this.#store = store
    this.#refresh = refresh
    this.#surroundings = surroundings
  }

  /** A token to send. `refused` is one that the broker no longer takes. SignInNeeded when there is none to be had. */
  async accessToken(refused?: string): Promise<string> {
    const usable = async (): Promise<string | undefined> => {
      const tokens = await this.#held()
      return this.#isUsable(tokens, refused) ? tokens.accessToken : undefined
    }
    const found = await usable()
    if (found !== undefined) return found
    using lock = await this.#lock()
    if (!lock) throw new CliFault('Another postern renews the sign-in for too long. Try again.')
    // Somebody may have been quicker.
    return (await usable()) ?? (await this.#renew())
  }

  #isUsable({ accessToken, accessEnds }: HeldTokens, refused: string | undefined): boolean {
    const left = accessEnds - this.#surroundings.effects.now().getTime()
    return left > reserve && accessToken !== refused
  }

  async #held(): Promise<HeldTokens> {
    const text = await this.#store.get(this.#origin)
    const tokens = text === undefined ? undefined : tokensIn(text, this.#origin)
    if (!tokens) throw new SignInNeeded(this.#origin)
    if (tokens.signInEnds <= this.#surroundings.effects.now().getTime()) {
      throw new SignInNeeded(this.#origin, 'Your sign-in has ended')
    }
    return tokens
  }

  async #lock(): Promise<KernelLock | undefined> {
    const folder = configFolder(this.#surroundings)
    const path = join(folder, `${fnv1a(this.#origin)}.lock`)
    try {
      ownFolder(folder, this.#surroundings)
      return await lockOr<never>(path, this.#surroundings, longestWait)
    } catch (error) {
      return writing(folder, () => {
        throw error
      })
    }
  }

  async #renew(): Promise<string> {
    const { refreshToken } = await this.#held()
    await this.#store.prepare(this.#origin)
    const answer = await this.#refresh(refreshToken).catch(async (error: unknown) => {
      if (!(error instanceof ApiFault) || error.mayPass) throw error
      if (error.code !== 'invalid_grant') throw error
      await this.#store.remove(this.#origin)
      throw new SignInNeeded(this.#origin, 'Your sign-in has ended')
    })
    const tokens = tokensOf(answer, this.#surroundings.effects.now())
    await this.#store.put(this.#origin, tokensText(this.#origin, tokens))
    return tokens.accessToken
  }
}
