import { randomBytes } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import type { PostedResponse } from '../../src/identity/saml/accept-response.ts'
import { SamlRefusal } from '../../src/identity/saml/saml-refusal.ts'
import { makeKit, toBase64 } from '../../test/support/saml/attack-kit.ts'
import { coreTarget } from '../../test/support/saml/core-target.ts'
import { samlCast } from '../../test/support/saml/saml-cast.ts'
import { answerParent } from './answer.ts'

/** How long a forged response holds everybody else up: the longest turn of the event loop while it is refused. */
const size = 64 * 1024
const target = coreTarget()

/** Made before anything is measured, so that the garbage of making is gone too. */
async function forge(): Promise<PostedResponse> {
  const kit = await makeKit(target, 'both')
  const groups = Array.from({ length: 700 }, () => `CN=${randomBytes(12).toString('hex')},DC=corp`)
  const xml = kit.seal({ attributes: { groups } }, { key: samlCast().attacker })
  const bytes = Buffer.byteLength(xml)
  if (bytes < size * 0.9 || bytes > size * 1.1) throw new Error(`${bytes} bytes are not 64 kB`)
  const SAMLResponse = toBase64(xml)
  const { relayState: RelayState, browser: browserNonce } = kit.started
  return { SAMLResponse, RelayState, browserNonce }
}

async function longestTurn(posted: PostedResponse): Promise<number> {
  let last = performance.now()
  let longest = 0
  let running = true
  const tick = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (running) setImmediate(tick)
  }
  setImmediate(tick)
  await turn()
  const refused: unknown = await target.serviceProvider
    .acceptResponse(posted)
    .catch((error: unknown) => error)
  await turn()
  running = false
  if (!(refused instanceof SamlRefusal) || refused.refusal !== 'saml_signature_invalid')
    throw new Error('the forged response was not refused for its signature')
  return longest
}

answerParent(0, async ({ operations }) => {
  const forged: PostedResponse[] = []
  for (let index = 0; index < Number(operations); index += 1) forged.push(await forge())
  globalThis.gc?.()
  const latencies: number[] = []
  for (const posted of forged) latencies.push(await longestTurn(posted))
  return { latencies }
})
