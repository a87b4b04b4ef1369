import { readFile } from 'node:fs/promises'
import type { Effects } from '../../effects.ts'
import type { Logger } from '../../telemetry/logger.ts'
import type { Identity } from '../identity.ts'
import {
  type CertificateLookUp,
  certifiedIdentity,
  type CertifiedIdentityParts,
  type IdentityRule,
} from './certified-identity.ts'
import { checkChain } from './check-chain.ts'
import { checkUsage } from './check-usage.ts'
import type { IdentitySource } from './identity-source.ts'
import { checkRevocation } from './revocation/check-revocation.ts'
import { type ListHealth, type ListSettings, openListSource } from './revocation/list-source.ts'
import { createOcspClient, type OcspClient, type OcspSettings } from './revocation/ocsp-client.ts'
import {
  type PresentedCertificate,
  readAuthorities,
  type TrustedAuthorities,
} from './trusted-authorities.ts'

/** Some authorities that are trusted, and what they may say about people. */
interface AuthoritySettings {
  readonly name: string
  /** Files of PEM or DER certificates. */
  readonly files: readonly string[]
  readonly sources: readonly IdentitySource[]
  readonly groups: readonly string[]
}

/** How revocation is found out. */
interface RevocationSettings {
  readonly lists: readonly ListSettings[]
  /** `authorities` are files, as above; all when empty. */
  readonly responders: readonly (Omit<OcspSettings, 'authorities'> & {
    readonly authorities: readonly string[]
  })[]
  readonly failPolicy: 'hard' | 'soft'
}

export interface CertificateSettings {
  readonly method: CertifiedIdentityParts['method']
  readonly authorities: readonly AuthoritySettings[]
  /** Undefined only where the configuration says in so many words that nothing is ever revoked. */
  readonly revocation: RevocationSettings | undefined
}

/** Sign-in by client certificate, however the certificate came. */
export interface CertificateSignIn {
  /** What the listener trusts now; changes with `reload`. */
  authorities(): TrustedAuthorities
  /** Runs every check and says who it is. Rejects with CertificateRefusal, or as the look-up does. */
  verify(presented: PresentedCertificate): Promise<Identity>
  /** Reads every file anew. What can't be read rejects, and stays as it was; the rest counts. */
  reload(): Promise<void>
  /** Fetches every list that has an address anew. Never rejects; the log says what could not be had. */
  refreshLists(): Promise<void>
  health(): readonly ListHealth[]
  /** Refreshes revocation lists in the background until closed. */
  start(): void
  close(): void
}

export interface CertificateSignInParts {
  readonly settings: CertificateSettings
  readonly lookUp: CertificateLookUp | undefined
  readonly effects: Effects
  readonly logger: Logger
}

/** Reads authorities and lists. Rejects with KeyFault, CertificateRefusal, ListFault or DerFault, and the start fails. */
export async function openCertificateSignIn(
  parts: CertificateSignInParts,
): Promise<CertificateSignIn> {
  const { settings, lookUp, effects, logger } = parts
  const { method, revocation } = settings
  let trust = await readTrust(settings, effects)
  const sources = await Promise.all(
    (revocation?.lists ?? []).map((list) => openListSource(list, effects, logger)),
  )
  const ofFiles = sources.filter(({ isFile }) => isFile)
  const lists = () => sources.flatMap((source) => source.lists())

  return {
    authorities: () => trust.authorities,
    async verify(presented) {
      const now = effects.now()
      const { authorities, rules, responders } = trust
      const path = checkChain(presented, authorities, now)
      checkUsage(path)
      if (revocation) {
        const { failPolicy } = revocation
        await checkRevocation(path, { lists, responders, failPolicy, logger }, now)
      }
      return certifiedIdentity(path, { method, rules, lookUp }, now)
    },
    async reload() {
      const reading = readTrust(settings, effects).then((next) => {
        trust = next
      })
      // Each by itself, so that one broken file doesn't keep the others old.
      const all = [reading, ...ofFiles.map((source) => source.refresh())]
      await Promise.allSettled(all)
      await Promise.all(all)
    },
    async refreshLists() {
      const fetched = sources.filter(({ isFile }) => !isFile)
      await Promise.all(fetched.map((source) => source.attempt()))
    },
    health: () => sources.map((source) => source.health(effects.now())),
    start() {
      for (const source of sources) source.start()
    },
    close() {
      for (const source of sources) source.close()
    },
  }
}

interface Trust {
  readonly authorities: TrustedAuthorities
  readonly rules: readonly IdentityRule[]
  readonly responders: readonly OcspClient[]
}

async function readTrust(
  { authorities, revocation }: CertificateSettings,
  effects: Effects,
): Promise<Trust> {
  const read = await Promise.all(authorities.map(({ files }) => readFiles(files)))
  const responders = (revocation?.responders ?? []).map(async (responder) => {
    const { certificates } = await readFiles(responder.authorities)
    return createOcspClient({ ...responder, authorities: certificates }, effects)
  })
  return {
    responders: await Promise.all(responders),
    authorities: {
      certificates: read.flatMap(({ certificates }) => certificates),
      pem: read.flatMap(({ pem }) => pem),
    },
    rules: authorities.map(({ name, sources, groups }, index) => ({
      authority: name,
      issuers: read[index]?.certificates ?? [],
      sources,
      groups,
    })),
  }
}

async function readFiles(files: readonly string[]): Promise<TrustedAuthorities> {
  return readAuthorities(await Promise.all(files.map((file) => readFile(file))))
}
