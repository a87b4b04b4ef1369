import type { PathFault } from '../issue-faults.ts'
import type { Readable } from '../readable.ts'
import { unknownName } from './fault-texts.ts'

/** How AWS calls itself as a SAML service provider: in the audience of every response that it takes. */
const awsEntityId = /^urn:amazon:webservices(?::[a-z0-9-]+)?$/

/** Issuers that pass on the responses of a sign-in method that is none, no SAML, or not made for AWS. */
export function passingOnFaults({ passedOn, signIn }: Readable): readonly PathFault[] {
  return [...passedOn].flatMap(([method, issuer]): PathFault[] => {
    const path = ['issuers', issuer, 'signIn']
    const entry = signIn.find(({ value }) => value.id === method)
    if (!entry) {
      const known = signIn.flatMap(({ value }) => value.id ?? [])
      return [unknownName(path, method, 'signIn', known)]
    }
    const { type, entityId, decryption } = entry.value
    if (type !== 'saml')
      return [{ path, found: JSON.stringify(method), expected: 'a method of type saml' }]
    if (decryption !== undefined && decryption.length > 0)
      return [
        {
          path: [...entry.path, 'decryption'],
          found: 'keys',
          expected: `none, because the issuer ${issuer} passes its responses on to AWS, which could not read what is encrypted for Postern`,
        },
      ]
    if (entityId !== undefined && awsEntityId.test(entityId)) return []
    return [
      {
        path: [...entry.path, 'entityId'],
        found: entityId === undefined ? 'nothing' : JSON.stringify(entityId),
        expected: `urn:amazon:webservices, because the issuer ${issuer} passes its responses on to AWS, which takes no others`,
      },
    ]
  })
}
