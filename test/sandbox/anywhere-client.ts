import { expect } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import type { Switches } from '../../sandbox/switches.ts'
import type { World } from '../../sandbox/world/world.ts'
import { intermediate, NOW, QUERY, root } from './anywhere-world.ts'
import { sendSession, type SessionCall } from './certificate-signer.ts'
import { certify } from './certificates.ts'
import type { RawAnswer } from './raw-http.ts'
import type { Keys } from './sdk.ts'

export const workload = certify({ issuer: root })
export const chain = [intermediate.certificate.raw.toString('base64')]

/** CreateSession with the test's workload, or with something else about it. */
export async function call(url: string, more: Partial<SessionCall> = {}): Promise<RawAnswer> {
  return await sendSession(url, { holder: workload, query: QUERY, now: NOW, ...more })
}

/** The same against a sandbox with another world. */
export async function callIn(
  world: World,
  more: Partial<SessionCall> = {},
  switches: Partial<Switches> = {},
): Promise<RawAnswer> {
  await using other = await startSandbox({ world, now: () => NOW, switches })
  return await call(other.url, more)
}

/** `status code: message`; a success is `201`. */
export function said({ status, headers, body }: RawAnswer): string {
  if (status === 201) return '201'
  const { message } = JSON.parse(body) as { message: string }
  return `${status} ${String(headers['x-amzn-errortype'])}: ${message}`
}

interface Made {
  readonly assumedRoleUser: { readonly arn: string; readonly assumedRoleId: string }
  readonly credentials: Required<Keys> & { readonly expiration: string }
  readonly sourceIdentity: string
  readonly roleArn: string
  readonly packedPolicySize: number
}

/** The session of an answer that holds one. */
export function made(answer: RawAnswer): Made & { readonly subjectArn: string } {
  expect(said(answer)).toBe('201')
  const { credentialSet, subjectArn } = JSON.parse(answer.body) as {
    credentialSet: readonly Made[]
    subjectArn: string
  }
  const [first] = credentialSet
  if (first === undefined) throw new Error('no credentials')
  return { ...first, subjectArn }
}
