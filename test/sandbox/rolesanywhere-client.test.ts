import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { signerFrom } from '../../src/keys/key-material.ts'
import { createSession } from '../../src/rolesanywhere/create-session.ts'
import type { RolesAnywhereSession } from '../../src/rolesanywhere/session-answer.ts'
import { keyPairs } from '../keys/test-certificates.ts'
import { anywhereWorld, intermediate, NOW, QUERY, root } from './anywhere-world.ts'
import { certify, type Holder } from './certificates.ts'

const effects = {
  now: () => NOW,
  randomBytes: (size: number) => randomBytes(size),
  sleep: () => Promise.resolve(),
}

let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox({ world: anywhereWorld(), now: () => NOW })
})
afterAll(() => aws.close())

async function ask(
  holder: Holder,
  chain: readonly Holder[],
  durationSeconds = 900,
): Promise<RolesAnywhereSession> {
  const key = holder.key.export({ type: 'pkcs8', format: 'pem' }).toString()
  const pem = [holder, ...chain].map((one) => one.pem).join('')
  const signer = await signerFrom({ certificate: Buffer.from(pem + key) })
  const wish = { ...QUERY, durationSeconds }
  return await createSession(wish, () => signer, { effects, endpoint: aws.url })
}

describe("Postern's client, which shares no code with the sandbox", () => {
  test.each(['rsa2048', 'rsa4096', 'p256', 'p384', 'mlDsa44', 'mlDsa65', 'mlDsa87'] as const)(
    'is understood: %s, with a chain and without',
    async (kind) => {
      const key = keyPairs[kind]().privateKey
      const alone = certify({ key, issuer: root, subject: [['CN', kind]] })
      const below = certify({ key, issuer: intermediate, subject: [['CN', kind]] })
      for (const session of [await ask(alone, []), await ask(below, [intermediate])]) {
        expect(session).toMatchObject({ sourceIdentity: `CN=${kind}` })
        expect(aws.issued().at(-1)).toMatchObject({ durationSeconds: 900 })
      }
    },
  )

  test('tries again where it pays, and reads a refusal', async () => {
    const holder = certify({ issuer: root })
    aws.faults.next('CreateSession', { kind: 'throttling' })
    aws.faults.next('CreateSession', { kind: 'internal-failure' })
    expect(await ask(holder, [])).toBeDefined()
    await expect(ask(certify(), [])).rejects.toMatchObject({
      fault: { code: 'AccessDeniedException', message: 'Untrusted signing certificate' },
      attempts: 1,
    })
  })
})
