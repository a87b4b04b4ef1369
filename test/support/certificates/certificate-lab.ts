import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { type DemoPki, keptDemoPki } from '../../../sandbox/pki/kept-demo-pki.ts'
import { compose, type Overrides, type Postern } from '../../../src/compose.ts'
import { type Listeners, openListeners } from '../../../src/compose/listeners.ts'
import { base, load } from '../../config/configuration.ts'
import { Browser } from '../browser.ts'
import { freePort } from '../free-port.ts'
import { RecordingLogger } from '../recording-logger.ts'
import { tlsAsk, type TlsAnswer, type TlsAsked } from './tls-ask.ts'

const trailEvent = z.looseObject({
  type: z.string(),
  name: z.string().optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
})

/** The whole server on real listeners, with the certificates of the sandbox. */
export interface CertificateLab {
  readonly folder: string
  readonly pki: DemoPki
  /** Everything in the trail, as it was written. */
  readonly trail: z.output<typeof trailEvent>[]
  readonly logger: RecordingLogger
  readonly postern: Postern
  readonly listeners: Listeners
  /** Of the main listener, and of the one for certificates. */
  readonly main: string
  readonly certificates: string
  browser(): Browser
  /** Asks the listener for certificates as whoever holds this demo certificate. */
  ask(path: string, holder?: string, asked?: TlsAsked): Promise<TlsAnswer>
  /** The same at another listener. */
  askAt(origin: string, path: string, holder?: string, asked?: TlsAsked): Promise<TlsAnswer>
  /** What the listener for operators answers. */
  operations(path: string): Promise<string>
  close(): Promise<void>
  /** A whole sign-in of a browser, up to the answer at the return address. */
  signIn(browser: Browser, holder?: string): Promise<TlsAnswer>
}

export interface LabPlan {
  /** What differs in the sign-in method. */
  readonly method?: (folder: string) => object
  /** What differs in the configuration. */
  readonly config?: (folder: string) => object
  readonly files?: Readonly<Record<string, string>>
  readonly overrides?: Overrides
}

/** The sign-in method of the lab, on its own listener. */
export function directMethod(folder: string, port: number): object {
  return {
    id: 'card',
    type: 'client-certificate',
    label: 'Smart card',
    people: 'staff',
    authorities: [
      {
        name: 'sandbox',
        files: [join(folder, 'ca.pem')],
        sources: [
          { type: 'upn', domains: ['corp.example'] },
          { type: 'spiffe', trustDomain: 'corp.example' },
        ],
        groups: ['certified'],
      },
    ],
    revocation: { lists: [{ file: join(folder, 'ca.crl') }] },
    listen: {
      port,
      url: `https://localhost:${port}`,
      tls: { certificate: join(folder, 'server.pem'), key: join(folder, 'server.pem') },
    },
  }
}

/** The lab for as long as the test runs. */
export async function certificateLab(plan: LabPlan = {}): Promise<CertificateLab> {
  const lab = await startCertificateLab(plan)
  onTestFinished(async () => lab.close())
  return lab
}

/** The lab until it is closed. */
export async function startCertificateLab(plan: LabPlan = {}): Promise<CertificateLab> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-certificates-'))
  const pki = await keptDemoPki(folder, new Date())
  const [mainPort, port] = [await freePort(), await freePort()]
  const main = `http://localhost:${mainPort}`
  const certificates = `https://localhost:${port}`
  const trail: CertificateLab['trail'] = []
  const logger = new RecordingLogger()
  const config = load(
    {
      ...base,
      publicUrl: main,
      listen: { port: mainPort },
      operations: { port: 0 },
      state: `sqlite:${folder}/postern.db`,
      audit: { ...base.audit, stdout: true },
      signIn: [...base.signIn, { ...directMethod(folder, port), ...plan.method?.(folder) }],
      grants: [{ people: 'staff', group: 'certified', roles: base.roles.map(({ arn }) => arn) }],
      ...plan.config?.(folder),
    },
    { files: plan.files ?? {} },
  )
  const postern = await compose(config, {
    logger,
    auditStdout: (line) => {
      trail.push(z.object({ event: trailEvent }).parse(JSON.parse(line)).event)
    },
    ...plan.overrides,
  })
  const listeners = await openListeners(postern, config)
  const close = async (): Promise<void> => {
    for (const server of [...listeners.servers, ...listeners.operations]) {
      server.closeAllConnections()
      server.close()
    }
    await postern.close()
    rmSync(folder, { recursive: true })
  }

  const ask: CertificateLab['ask'] = (path, holder, asked) =>
    askAt(certificates, path, holder, asked)
  const askAt: CertificateLab['askAt'] = (origin, path, holder, asked = {}) =>
    tlsAsk(`${origin}${path}`, {
      ca: pki.authority,
      ...(holder !== undefined && { certificate: pki.certificates.get(holder) }),
      ...asked,
    })
  return {
    ...{ folder, pki, trail, logger, postern, listeners, main, certificates, ask, askAt, close },
    browser: () => new Browser(main),
    async operations(path) {
      const address = listeners.operations[0]?.address()
      if (!address || typeof address === 'string') throw new Error('no port')
      return (await tlsAsk(`http://127.0.0.1:${address.port}${path}`)).text
    },
    async signIn(browser, holder) {
      const { location: there = '' } = await browser.get('/sign-in/card')
      const back = await ask(there.slice(certificates.length), holder)
      if (back.location === undefined) return back
      return browser.get(back.location.slice(main.length))
    },
  }
}
