import { randomBytes, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openNetwork } from '../../src/effects.ts'
import { openCertificateSignIn } from '../../src/identity/client-certificate/certificate-sign-in.ts'
import { makeRoot, noon } from '../../test/support/certificates/test-authority.ts'
import { silentLogger } from '../../test/support/silent-logger.ts'
import { inParallel } from '../in-parallel.ts'
import { answerParent } from './answer.ts'

/**
 * Sign-in by certificates without a directory, beside what Node's own X509Certificate checks of the same chain: person,
 * issuing authority, root, and a list of a thousand revoked certificates for each authority.
 */
const [folder = ''] = process.argv.slice(2)
const root = await makeRoot({ subject: 'CN=Root' })
const issuing = await root.issue({ subject: 'CN=Issuing', ca: true, usages: 'none' })
const person = await issuing.issue({ names: [{ type: 'email', value: 'bob@corp.example' }] })
const revoked = Array.from({ length: 1_000 }, (_, index) => (0x100_0000 + index).toString(16))
const keep = (name: string, bytes: Buffer | string): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const listOf = async (name: string, authority: typeof root) => ({
  location: { file: keep(name, await authority.list({ revoked })) },
  copy: undefined,
  refreshSeconds: 3600,
  alarmSeconds: 0,
})
const signIn = await openCertificateSignIn({
  settings: {
    method: { id: 'card', label: 'Smart card', people: 'staff' },
    authorities: [
      {
        name: 'corp',
        files: [keep('root.pem', root.pem), keep('issuing.pem', issuing.pem)],
        sources: [{ type: 'email', domains: ['corp.example'] }],
        groups: ['readers'],
      },
    ],
    revocation: {
      lists: [await listOf('root.crl', root), await listOf('issuing.crl', issuing)],
      responders: [],
      failPolicy: 'hard',
    },
  },
  lookUp: undefined,
  effects: {
    now: () => noon,
    randomBytes,
    sleep: async (milliseconds) => delay(milliseconds),
    network: openNetwork(),
  },
  logger: silentLogger,
})
const presented = { leaf: person.der, intermediates: [issuing.der] }
const authorities = [issuing, root].map(({ der }) => new X509Certificate(der))

function bare(): Promise<void> {
  let below = new X509Certificate(presented.leaf)
  for (const above of authorities) {
    if (!below.checkIssued(above) || !below.verify(above.publicKey)) throw new Error('not issued')
    below = above
  }
  return Promise.resolve()
}

async function ours(): Promise<void> {
  await signIn.verify(presented)
}

answerParent(0, async ({ work, operations, concurrency }) => ({
  latencies: await inParallel(
    Number(operations),
    Number(concurrency),
    work === 'bare' ? bare : ours,
  ),
}))
