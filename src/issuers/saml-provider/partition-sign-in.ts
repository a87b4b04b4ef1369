import type { Partition } from '../../entitlements/arn.ts'
import { InvalidRequest } from '../../errors.ts'

/** Where AWS takes SAML responses, and how it calls itself there. */
export interface PartitionSignIn {
  /** The assertion consumer service: Recipient, Destination, and what `SAML:aud` of a trust policy holds. */
  readonly recipient: string
  readonly audience: string
}

/** The entity IDs and addresses in AWS's own metadata (`/static/saml-metadata.xml` of each sign-in host). */
const places: Partial<Record<Partition, PartitionSignIn>> = {
  aws: {
    recipient: 'https://signin.aws.amazon.com/saml',
    audience: 'urn:amazon:webservices',
  },
  'aws-cn': {
    recipient: 'https://signin.amazonaws.cn/saml',
    audience: 'urn:amazon:webservices:cn-north-1',
  },
  'aws-us-gov': {
    recipient: 'https://signin.amazonaws-us-gov.com/saml',
    audience: 'urn:amazon:webservices:govcloud',
  },
}

/**
 * Recipient and audience for a partition; `configured` (`aws.endpoints.saml`) takes the recipient's place. Throws
 * InvalidRequest for partitions whose metadata AWS does not publish.
 */
export function partitionSignIn(
  partition: Partition,
  configured: string | undefined,
): PartitionSignIn {
  const found = places[partition]
  if (!found) {
    throw new InvalidRequest(
      `Postern does not know where the partition ${partition} takes SAML responses, because AWS does not publish it.`,
    )
  }
  return configured === undefined ? found : { ...found, recipient: configured }
}
