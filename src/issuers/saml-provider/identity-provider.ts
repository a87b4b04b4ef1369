import type { Effects } from '../../effects.ts'
import { randomId } from '../../identity/saml/random-id.ts'
import { personKey } from '../../identity/identity.ts'
import { KeyFault } from '../../keys/key-fault.ts'
import type { KeySource } from '../../keys/key-source.ts'
import type { IssueOrder } from '../issuer.ts'
import { awsResponse } from './aws-response.ts'
import { partitionSignIn } from './partition-sign-in.ts'
import { providerMetadata } from './provider-metadata.ts'
import { signResponse } from './sign-response.ts'

export interface IdentityProviderOptions {
  readonly entityId: string
  /** Where people reach Postern, without a slash at the end. */
  readonly publicUrl: string
  /** Name of the SAML provider in IAM, the same in every account. */
  readonly providerName: string
  /** The first signs; the others are in the metadata for a rotation. */
  readonly keys: readonly [KeySource, ...KeySource[]]
  /** `aws.endpoints.saml`. */
  readonly samlEndpoint: string | undefined
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
}

/** A response that AWS takes for five minutes: a bearer secret. */
interface SignedResponse {
  /** Base64, as it is posted. */
  readonly response: string
  /** Where browsers post it. */
  readonly recipient: string
  readonly providerArn: string
}

/** Postern as a SAML identity provider that AWS trusts. */
export interface AwsIdentityProvider {
  /** Says to AWS what was decided, and nothing else. Rejects with KeyFault. */
  respond(order: IssueOrder): Promise<SignedResponse>
  /** XML, for the SAML provider in IAM. Rejects with KeyFault. */
  metadata(): Promise<string>
}

/** Postern as the identity provider of AWS. */
export function createIdentityProvider(options: IdentityProviderOptions): AwsIdentityProvider {
  const { entityId, publicUrl, providerName, keys, samlEndpoint, effects } = options
  return {
    async respond(order) {
      const { partition, accountId, arn: roleArn } = order.role
      const { recipient, audience } = partitionSignIn(partition, samlEndpoint)
      const providerArn = `arn:${partition}:iam::${accountId}:saml-provider/${providerName}`
      const { roleSessionName, sourceIdentity, tags, transitiveTagKeys } = order
      const xml = awsResponse({
        responseId: randomId(effects.randomBytes),
        assertionId: randomId(effects.randomBytes),
        issuer: entityId,
        recipient,
        audience,
        subject: personKey(order.person),
        roleArn,
        providerArn,
        roleSessionName,
        sessionDuration: order.durationSeconds,
        sourceIdentity,
        tags,
        transitiveTagKeys,
        now: effects.now(),
      })
      const [key] = keys
      try {
        const signed = await signResponse(xml, await key.current())
        return { response: Buffer.from(signed).toString('base64'), recipient, providerArn }
      } catch (error) {
        await key.reopen()
        throw error
      }
    },

    async metadata() {
      const signers = await Promise.all(keys.map((key) => key.current()))
      const certificates = signers.map(({ certificate }) => {
        if (certificate) return certificate.raw
        throw new KeyFault('no_certificate', 'A key that signs for AWS has no certificate.')
      })
      return providerMetadata({ entityId, signInUrl: `${publicUrl}/`, certificates })
    },
  }
}
