import { validityAt } from '../keys/certificate.ts'
import type { Signer } from '../keys/signer.ts'
import { createSession } from '../rolesanywhere/create-session.ts'
import type { RolesAnywhereSession } from '../rolesanywhere/session-answer.ts'
import type { CachePlace } from './cache/cache-place.ts'
import { CachedSessions } from './cached-sessions.ts'
import type { HeldSession } from './held-session.ts'
import { isUntrusted } from './is-untrusted.ts'
import { openSigningKey } from './keys/open-signing-key.ts'
import type { SigningKey } from './keys/signing-key.ts'
import { agentsFor } from './route.ts'
import type { KeySettings } from './settings/key-settings.ts'
import { namesAuthorities, type SessionSettings } from './settings/session-settings.ts'
import type { Surroundings } from './surroundings.ts'
import { version } from './version.ts'

/** Credentials that a certificate gives, from the cache while they are fresh, else from IAM Roles Anywhere. */
export class SessionSource {
  readonly #settings: SessionSettings
  readonly #surroundings: Surroundings
  readonly #key: SigningKey
  readonly #debug: (text: string) => void
  readonly #sessions: CachedSessions

  constructor(
    settings: SessionSettings,
    keys: KeySettings,
    surroundings: Surroundings,
    debug: (text: string) => void = () => undefined,
  ) {
    this.#settings = settings
    this.#surroundings = surroundings
    this.#key = openSigningKey(keys, surroundings)
    this.#debug = debug
    this.#sessions = new CachedSessions(() => this.obtain(), surroundings)
  }

  /** Fresh credentials, as CachedSessions gives them. Throws InvalidRequest, KeyFault, CliFault, RolesAnywhereFault or AwsUnavailable. */
  current(place: CachePlace | undefined, held?: HeldSession): Promise<HeldSession> {
    return this.#sessions.current(place, held)
  }

  /** New credentials, whatever the cache has. */
  async obtain(): Promise<HeldSession> {
    const { effects, platform } = this.#surroundings
    const { request, endpoint, route, maxAttempts } = this.#settings
    let signer: Signer | undefined
    const signerNow = async (): Promise<Signer> => {
      signer = await this.#key.current()
      this.#describe(signer)
      return signer
    }
    const ask = async (system: boolean): Promise<RolesAnywhereSession> =>
      createSession(request, signerNow, {
        ...endpoint,
        effects,
        agents: (url) => {
          this.#debug(`CreateSession at ${url.host}: ${JSON.stringify(request)}`)
          return agentsFor(url, route, this.#surroundings, { system })
        },
        maxAttempts,
        userAgent: `Postern/${version} (Node ${process.versions.node}; ${platform}; ${process.arch})`,
      })
    const session = await ask(false)
      .catch((error: unknown) => {
        // Reading the system's certificates takes as long as all the rest, and mostly Node's own do.
        if (namesAuthorities(route) || !isUntrusted(error)) throw error
        return ask(true)
      })
      .catch(async (error: unknown) => {
        const { explainRefusal } = await import('./explain-refusal.ts')
        explainRefusal(error, signer?.certificate, this.#surroundings)
        throw error
      })
    const { credentials, expirationText, requestId, subjectArn, clockSkewSeconds } = session
    this.#debug(
      `request ID ${requestId ?? 'none'}, subject ${subjectArn ?? 'none'}, ` +
        `AWS's clock is ${clockSkewSeconds ?? 0} s ahead, credentials end ${expirationText}`,
    )
    return {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      sessionToken: credentials.sessionToken,
      expiration: expirationText,
      obtained: effects.now().getTime(),
      certificateEnds: signer?.certificate?.validToDate.getTime() ?? 0,
    }
  }

  close(): Promise<void> {
    return this.#key.close()
  }

  #describe({ certificate, chain, algorithm }: Signer): void {
    if (!certificate) return
    const { serialNumber, validFrom, validTo } = certificate
    const validity = validityAt(certificate, this.#surroundings.effects.now())
    this.#debug(
      `signing with ${algorithm}, certificate ${serialNumber}, ${validFrom} to ${validTo} (${validity}), ` +
        `${chain.length} above it`,
    )
  }
}
