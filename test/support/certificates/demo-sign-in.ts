import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DemoPki, keptDemoPki } from '../../../sandbox/pki/kept-demo-pki.ts'
import { openNetwork, realEffects } from '../../../src/effects.ts'
import {
  type CertificateSignIn,
  openCertificateSignIn,
} from '../../../src/identity/client-certificate/certificate-sign-in.ts'
import { silentLogger } from '../silent-logger.ts'

/** Sign-in with the sandbox's certificates, by the real clock. */
export interface DemoSignIn {
  readonly folder: string
  readonly pki: DemoPki
  readonly signIn: CertificateSignIn
  close(): Promise<void>
}

export async function demoSignIn(): Promise<DemoSignIn> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-pki-'))
  const pki = await keptDemoPki(folder, new Date())
  const network = openNetwork()
  const signIn = await openCertificateSignIn({
    settings: {
      method: { id: 'certificate', label: 'Certificate', people: 'staff' },
      authorities: [
        {
          name: 'sandbox',
          files: [join(folder, 'ca.pem')],
          sources: [
            { type: 'upn', domains: ['corp.example'] },
            { type: 'spiffe', trustDomain: 'corp.example' },
          ],
          groups: [],
        },
      ],
      revocation: {
        lists: [
          {
            location: { file: join(folder, 'ca.crl') },
            copy: undefined,
            refreshSeconds: 3600,
            alarmSeconds: 3600,
          },
        ],
        responders: [],
        failPolicy: 'hard',
      },
    },
    lookUp: undefined,
    effects: realEffects(network),
    logger: silentLogger,
  })
  const close = async (): Promise<void> => {
    signIn.close()
    await network.close()
    await rm(folder, { recursive: true })
  }
  return { folder, pki, signIn, close }
}
