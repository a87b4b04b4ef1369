import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Host, PortListener } from '../http/port-listener.ts'
import { Seal } from '../sessions/seal.ts'
import { demoUsers, type IdpUser } from './demo-users.ts'
import { handleIdp } from './handle.ts'
import type { IdpEnvironment } from './idp-environment.ts'
import { idpMetadata } from './metadata.ts'
import { ServiceProviders, type ServiceProviderSource } from './service-providers.ts'
import { makeSigningKey, type SigningKey } from './signing-key.ts'

export interface SamlIdpOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** `localhost` when absent. */
  readonly host?: Host
  readonly now?: () => Date
  /** Made anew when absent. */
  readonly key?: SigningKey
  /** 32 bytes that seal sessions; the same key after a restart keeps them valid. Random when absent. */
  readonly sealKey?: Buffer
  /** The demo's when absent. */
  readonly users?: readonly IdpUser[]
  readonly serviceProviders?: readonly ServiceProviderSource[]
  /** Both when absent. */
  readonly signs?: IdpEnvironment['signs']
}

export interface SamlIdp extends AsyncDisposable {
  /** `http://localhost:<port>`: metadata at `/metadata`, sign-on at `/sso`, logout at `/slo`. */
  readonly url: string
  readonly port: number
  readonly metadata: string
  /** Takes no more requests and lets those under way end, for at most two seconds. */
  close(): Promise<void>
}

const GRACE_MILLISECONDS = 2000

/** Starts a SAML identity provider with people to choose from. Rejects with EADDRINUSE for a taken port. */
export async function startSamlIdp(options: SamlIdpOptions = {}): Promise<SamlIdp> {
  const { now = () => new Date(), users = demoUsers, signs = 'both' } = options
  const key = options.key ?? makeSigningKey(now())
  const parts = {
    now,
    key,
    seal: new Seal(options.sealKey),
    users,
    signs,
    serviceProviders: new ServiceProviders(options.serviceProviders ?? [], now),
  }
  const answer = (message: IncomingMessage, response: ServerResponse): void => {
    handleIdp({ ...parts, origin: url() }, message, response).catch((error: unknown) => {
      // A client that went away needs no answer; anything else is a defect of the sandbox.
      if (!message.destroyed || message.complete) reportDefect(error)
      response.destroy()
    })
  }
  const listener = new PortListener(answer, options.host ?? 'localhost')
  const url = (): string => `http://localhost:${listener.port}`
  await listener.open(options.port ?? 0)
  const close = (): Promise<void> => listener.close(GRACE_MILLISECONDS)
  return {
    url: url(),
    port: listener.port,
    metadata: idpMetadata(url(), key.certificate),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function reportDefect(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`sandbox identity provider: ${text}\n`)
}
