import { dirname, join } from 'node:path'
import type { CertificateMethodConfig } from '../config/certificate-method-config.ts'
import type { Config } from '../config/config.ts'
import type { CertificateFiles } from '../identity/client-certificate/certificate-file-faults.ts'
import type { CertificateSettings } from '../identity/client-certificate/certificate-sign-in.ts'

/** What sign-in by client certificate needs to know. The last good copy of a fetched list stands beside the database. */
export function certificateSettingsOf(
  { id, label, people, authorities, revocation }: CertificateMethodConfig,
  state: Config['state'],
): CertificateSettings {
  const folder = dirname(state.slice('sqlite:'.length))
  return {
    method: { id, label, people },
    authorities,
    revocation: revocation && {
      ...revocation,
      lists: revocation.lists.map((list, index) => ({
        ...list,
        copy: 'url' in list.location ? join(folder, `revocation-${id}-${index}.crl`) : undefined,
      })),
    },
  }
}

/** Every file that a method reads, and reads again when it changes. */
export function certificateFilesOf({
  authorities,
  revocation,
  entry,
}: CertificateMethodConfig): CertificateFiles {
  const { lists = [], responders = [] } = revocation ?? {}
  const ofProxy =
    entry.by === 'proxy' && entry.proof.by === 'certificate' ? entry.proof.authorities : []
  return {
    authorities: [
      ...authorities.flatMap(({ files }) => files),
      ...responders.flatMap((responder) => responder.authorities),
      ...ofProxy,
    ],
    lists: lists.flatMap(({ location }) => ('file' in location ? location.file : [])),
    pair: entry.by === 'listener' ? entry : undefined,
  }
}
