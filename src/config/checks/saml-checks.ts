import { X509Certificate } from 'node:crypto'
import type { PathFault } from '../issue-faults.ts'
import type { Entry, MethodFields, Readable } from '../readable.ts'
import type { Path } from '../yaml.ts'
import { settingFaults } from './setting-checks.ts'

/** SAML methods whose parts don't fit together. */
export function samlFaults(parts: Readable): readonly PathFault[] {
  return parts.signIn
    .filter(({ value }) => value.type === 'saml')
    .flatMap((entry) => [
      ...sharedKeyFaults(entry),
      ...metadataFaults(entry),
      ...awsRoleFaults(entry, parts),
    ])
}

/** Whoever encrypts for a key that also signs may get a signature out of a decryption. */
function sharedKeyFaults({ path, value }: Entry<MethodFields>): readonly PathFault[] {
  const signing = new Set((value.signing ?? []).map(({ certificate }) => keyOf(certificate)))
  return (value.decryption ?? []).flatMap(({ certificate }, index) =>
    signing.has(keyOf(certificate))
      ? [
          {
            path: [...path, 'decryption', index],
            found: 'a key that signs too',
            expected: 'a key that does nothing but decrypt',
          },
        ]
      : [],
  )
}

function keyOf(certificate: string): string {
  return new X509Certificate(certificate).publicKey
    .export({ type: 'spki', format: 'pem' })
    .toString()
}

function metadataFaults({ path, value }: Entry<MethodFields>): readonly PathFault[] {
  const { metadata = '', metadataPrivate } = value
  const at: Path = [...path, 'metadata']
  if (metadata.startsWith('http:') && metadataPrivate !== true)
    return [
      {
        path: at,
        found: JSON.stringify(metadata),
        expected: 'an https address, or metadataPrivate: true for this one on loopback',
      },
    ]
  if (!/^https?:/.test(metadata) && metadataPrivate === true)
    return [
      {
        path: [...path, 'metadataPrivate'],
        found: 'true',
        expected: 'nothing, because metadata is a file',
      },
    ]
  return []
}

/** Roles out of the provider's hands come from listed accounts, and by an issuer that is named for it. */
function awsRoleFaults(
  { path, value }: Entry<MethodFields>,
  parts: Readable,
): readonly PathFault[] {
  const { id = '', awsRoles } = value
  if (!awsRoles) return []
  const at: Path = [...path, 'awsRoles']
  const issuer = awsRoles.issuer ?? parts.passedOn.get(id)
  const unlisted = awsRoles.accounts.flatMap((account, index) =>
    parts.names.accounts.has(account)
      ? []
      : [
          {
            path: [...at, 'accounts', index],
            found: `account ${account}`,
            expected: 'an account that stands under accounts',
          },
        ],
  )
  if (issuer !== undefined)
    return [...unlisted, ...settingFaults(at, { ...awsRoles, issuer }, parts)]
  const names = [...parts.names.issuers].join(', ')
  const expected = `one of ${names}: the provider then chooses roles for its credentials, so it must be named`
  return [...unlisted, { path: [...at, 'issuer'], found: 'nothing', expected }]
}
