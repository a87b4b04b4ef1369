import 'reflect-metadata'
import { Extension, type JsonGeneralNames } from '@peculiar/x509'
import { checkChain } from '../../../src/identity/client-certificate/check-chain.ts'
import {
  type IdentitySource,
  readIdentity,
} from '../../../src/identity/client-certificate/identity-source.ts'
import { readAuthorities } from '../../../src/identity/client-certificate/trusted-authorities.ts'
import { der } from '../../support/certificates/raw-der.ts'
import { refusalOf } from '../../support/certificates/refusal-of.ts'
import { sidExtension } from '../../support/certificates/sid-extension.ts'
import { type CertificatePlan, makeRoot, noon } from '../../support/certificates/test-authority.ts'

/** The four sources that a name is read from. */
export const upn = { type: 'upn', domains: ['corp.example'] } as const
export const email = { type: 'email', domains: [] } as const
export const spiffe = { type: 'spiffe', trustDomain: 'corp.example' } as const
export const commonName = { type: 'common-name' } as const

/** The authority of these certificates. */
export const root = await makeRoot({
  subject: [{ DC: ['example'] }, { DC: ['corp'] }, { CN: ['Corp CA'] }],
})

/** A certificate as planned, after its chain was checked. */
export async function pathOf(plan: CertificatePlan) {
  const leaf = await root.issue(plan)
  return checkChain({ leaf: leaf.der, intermediates: [] }, readAuthorities([root.der]), noon)
}

/** The name that such a certificate gives by these sources, or the code it is refused with. */
export async function nameIn(plan: CertificatePlan, ...sources: readonly IdentitySource[]) {
  const path = await pathOf(plan)
  return refusalOf(() => readIdentity(path, sources).value)
}

/** A certificate with alternative names that no library would write. */
export function rawNames(...names: readonly Uint8Array[]): CertificatePlan {
  return { more: [new Extension('2.5.29.17', false, der(0x30, ...names))] }
}

export const withSid = (sid: string): CertificatePlan => ({ more: [sidExtension(sid)] })
export const utf8 = (text: string) => der(0x0c, text)
export const upns = (...values: readonly string[]): JsonGeneralNames =>
  values.map((value) => ({ type: 'upn', value }))
