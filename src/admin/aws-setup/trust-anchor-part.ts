import { logicalName, type Reference, type SetupResource, type Value } from './setup.ts'
import type { IssuerMaterial, SetupPart } from './setup-part.ts'

/** The trust anchor, with a parameter for certificates that Postern does not have. */
export function anchorPart(
  accountId: string,
  name: string,
  { anchorCertificates, revocationList }: IssuerMaterial,
): { readonly anchor: Reference; readonly part: SetupPart } {
  const parameter = {
    name: logicalName(name, 'AuthorityPem'),
    description: `Certificate in PEM of the CA that issued the certificate of ${name}.`,
  }
  const anchor: Reference = { to: 'trust-anchor', name: logicalName(name, 'TrustAnchor') }
  const given = anchorCertificates
  const certificates: Value = given ?? { to: 'parameter', name: parameter.name }
  const anchorName = `postern-${name}`
  const list: readonly SetupResource[] =
    revocationList === undefined
      ? []
      : [
          {
            kind: 'revocation-list',
            name: logicalName(name, 'RevocationList'),
            anchor,
            list: revocationList,
          },
        ]
  const part = {
    accountId,
    parameters: given === undefined ? [parameter] : [],
    resources: [
      { kind: 'trust-anchor', name: anchor.name, anchorName, certificates } as const,
      ...list,
    ],
    notes: [
      `Set trustAnchorArn and profileArn of ${name} in the configuration to what this creates.`,
    ],
  }
  return { anchor, part }
}
