import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { PassedAssertion } from '../../identity/identity.ts'
import type { CookieJar } from '../cookies.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { Exchange } from '../exchange.ts'
import { sealText, unsealText } from '../sealed-text.ts'

/** Responses that are to be passed on to AWS, each for one browser and no longer than AWS would take it. */
export interface KeptAssertions {
  /** Seals it under the key that this browser is given now. */
  keep(key: string, assertion: PassedAssertion): Promise<void>
  find(exchange: Pick<Exchange, 'request'>): Promise<PassedAssertion | undefined>
}

/** Milliseconds for which AWS takes a response. */
const redeemableFor = 5 * 60_000
/** Characters (STS API, AssumeRoleWithSAML, SAMLAssertion). */
const longest = 100_000

const schema = z.object({
  method: z.string(),
  response: z.string(),
  issuedAt: z.number(),
  awsRoles: z.array(z.object({ roleArn: z.string(), providerArn: z.string() })),
})

export function createKeptAssertions(
  { signInStates, effects, passesOn = new Set() }: WebDependencies,
  jar: CookieJar,
): KeptAssertions {
  return {
    async keep(key, assertion) {
      const { method, response, issuedAt } = assertion
      if (!passesOn.has(method) || response.length > longest) return
      const idHash = placeOf(key)
      const sealed = sealText(JSON.stringify(assertion), key, idHash, effects.randomBytes)
      await signInStates.put({
        idHash,
        method,
        browserHash: idHash,
        data: Buffer.from(sealed).toString('base64url'),
        expiresAt: issuedAt + redeemableFor,
      })
    },

    async find({ request }) {
      const key = jar.key.read(request)
      if (key === undefined) return undefined
      const idHash = placeOf(key)
      const stored = await signInStates.read(idHash, effects.now().getTime())
      const text = stored && unsealText(Buffer.from(stored.data, 'base64url'), key, idHash)
      return text === undefined ? undefined : schema.parse(JSON.parse(text))
    },
  }
}

/** Where it lies: known to who has the key, and no way to the key. */
function placeOf(key: string): string {
  return createHash('sha256').update(`postern kept assertion:${key}`).digest('base64url')
}
