import { verify } from 'node:crypto'
import type { Signer } from '../../src/keys/signer.ts'
import type { FakeToken } from './fake-cryptoki.ts'
import { having } from './matchers.ts'
import { issue, issuePath, keyPairs } from './test-certificates.ts'

/** Certificates that the keys of tokens go with. */
export const issuedPath = issuePath()
export const ec = issuedPath.leaf
export const rsa = issue({ commonName: 'rsa', keys: keyPairs.rsa2048() })

/** A token with the PIN 1234. */
export const token = (objects: FakeToken['objects'], label = 'token'): FakeToken => ({
  label,
  pin: '1234',
  objects,
})
export const library = '/fake.so'
export const fault = (code: string): unknown => having({ code })

/** Whether it signs so that its certificate verifies it. */
export async function signs(signer: Signer): Promise<boolean> {
  const message = Buffer.from('message')
  const signature = await signer.sign(message, 'sha256')
  return (
    signer.certificate !== undefined &&
    verify('sha256', message, signer.certificate.publicKey, signature)
  )
}
