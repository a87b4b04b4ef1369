import type { TlsOptions } from 'node:tls'
import { certificateEntry } from './certificate-entry.ts'
import { certificateFilesOf, certificateSettingsOf } from './certificate-settings.ts'
import type { CertificateMethodConfig } from '../config/certificate-method-config.ts'
import type { Config } from '../config/config.ts'
import type { Effects } from '../effects.ts'
import { certificateFileFaults } from '../identity/client-certificate/certificate-file-faults.ts'
import type { CertificateMethod } from '../identity/client-certificate/certificate-method.ts'
import { openCertificateSignIn } from '../identity/client-certificate/certificate-sign-in.ts'
import type { CertificateLookUp } from '../identity/client-certificate/certified-identity.ts'
import type { ListHealth } from '../identity/client-certificate/revocation/list-source.ts'
import type { Directory } from '../identity/directory/directory.ts'
import { ReloadedFiles } from '../keys/reloaded-files.ts'
import type { TlsKeyPair } from '../keys/tls-key-pair.ts'
import type { Logger } from '../telemetry/logger.ts'

/** A listener that asks for certificates. What it shows and trusts may change while it is open. */
export interface CertificateListener {
  readonly method: CertificateMethod & { readonly origin: string }
  readonly host: string
  readonly port: number
  pair(): TlsKeyPair
  tlsOptions(): TlsOptions
}

/** One method, with its files kept current. */
export interface ComposedCertificateMethod {
  readonly method: CertificateMethod
  readonly listener: CertificateListener | undefined
  /** What the main listener asks of the connections of proxies that prove themselves by a certificate. */
  proxyClients(): TlsOptions | undefined
  lists(): readonly ListHealth[]
  /** Why files could not be read again. */
  fileFault(): string | undefined
  reload(): Promise<void>
  close(): void
}

export interface CertificateParts {
  readonly directories: ReadonlyMap<string, Directory>
  readonly effects: Effects
  readonly logger: Logger
  /** Called when what listeners show or trust may have changed. */
  readonly onChange: () => void
}

/** Opens a method. Rejects with an Error that names every file that can't be used. */
export async function composeCertificateMethod(
  config: CertificateMethodConfig,
  state: Config['state'],
  { directories, effects, logger, onChange }: CertificateParts,
): Promise<ComposedCertificateMethod> {
  const used = certificateFilesOf(config)
  const { authorities, lists, pair } = used
  const files = new ReloadedFiles({
    files: [...authorities, ...lists, ...(pair ? [pair.certificate, pair.key] : [])],
    reload: async () => {
      const all = [entry.reload(), signIn.reload()]
      await Promise.allSettled(all)
      onChange()
      await Promise.all(all)
    },
    effects,
    logger,
  })
  await files.mark()
  const faults = await certificateFileFaults(used)
  if (faults.length > 0) throw new Error(`${config.id} can not be used:\n  ${faults.join('\n  ')}`)
  const signIn = await openCertificateSignIn({
    settings: certificateSettingsOf(config, state),
    lookUp: lookUpOf(config, directories),
    effects,
    logger,
  })
  const entry = await certificateEntry(config.entry, () => signIn.authorities(), effects)
  files.start()
  signIn.start()

  const { id, label, people } = config
  const { origin, brings, presented } = entry
  const method: CertificateMethod = {
    ...{ id, label, people, origin, brings, presented },
    verify: (certificate) => signIn.verify(certificate),
  }
  const { listener } = entry
  return {
    method,
    listener: listener && { ...listener, method: { ...method, origin: listener.origin } },
    proxyClients: () => entry.proxyClients(),
    lists: () => signIn.health(),
    fileFault: () => files.fault,
    async reload() {
      await files.reload()
      await signIn.refreshLists()
    },
    close() {
      files.close()
      signIn.close()
    },
  }
}

function lookUpOf(
  { directory: id, machines }: CertificateMethodConfig,
  directories: ReadonlyMap<string, Directory>,
): CertificateLookUp | undefined {
  if (id === undefined) return undefined
  const directory = directories.get(id)
  if (!directory) throw new TypeError(`unchecked directory ${id}`)
  return (key) => directory.lookUp(key, { proof: 'certificate', machines })
}
