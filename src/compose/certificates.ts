import type { TlsOptions } from 'node:tls'
import {
  type CertificateListener,
  type CertificateParts,
  composeCertificateMethod,
  type ComposedCertificateMethod,
} from './certificate-method.ts'
import type { Config } from '../config/config.ts'
import type { CertificateMethod } from '../identity/client-certificate/certificate-method.ts'
import type { ListHealth } from '../identity/client-certificate/revocation/list-source.ts'
import type { ApiWay } from '../web/api/api-way.ts'
import { certificateWay } from '../web/client-certificate/certificate-way.ts'
import { certificateRefusals } from '../web/client-certificate/prove-certificate.ts'
import type { ReadinessCheck, WebMetrics } from '../web/dependencies.ts'
import type { SignInRecord } from '../web/sign-in-record.ts'

/** Every method of client certificates of a configuration, with their files and lists kept current. */
export interface ComposedCertificates {
  readonly methods: readonly CertificateMethod[]
  readonly listeners: readonly CertificateListener[]
  readonly checks: readonly ReadinessCheck[]
  /** What the main listener asks of connections, where a proxy proves itself by a certificate. */
  proxyClients(): TlsOptions | undefined
  /** Called when what listeners show or trust may have changed; of several callers, the last one. */
  onChange(tell: () => void): void
  lists(): readonly (ListHealth & { readonly method: string })[]
  /** Reads every file and fetches every list anew. Never rejects; log and readiness say what went wrong. */
  reload(): Promise<void>
  close(): void
}

/** Opens all methods. Rejects with an Error that names the files that can't be used. */
export async function composeCertificates(
  { signIn, state }: Pick<Config, 'signIn' | 'state'>,
  parts: Omit<CertificateParts, 'onChange'>,
): Promise<ComposedCertificates> {
  const opened: ComposedCertificateMethod[] = []
  const checks: ReadinessCheck[] = []
  let tell = (): void => undefined
  const onChange = (): void => {
    tell()
  }
  for (const config of signIn) {
    if (config.type !== 'client-certificate') continue
    const one = await composeCertificateMethod(config, state, { ...parts, onChange })
    opened.push(one)
    const refuses = config.revocation?.failPolicy === 'hard'
    // Where there are other ways in, most of Postern works.
    checks.push(...checksOf(one, { vital: signIn.length === 1 && refuses }))
  }
  return {
    methods: opened.map(({ method }) => method),
    listeners: opened.flatMap(({ listener }) => listener ?? []),
    checks,
    proxyClients: () => together(opened.flatMap((one) => one.proxyClients() ?? [])),
    onChange(listens) {
      tell = listens
    },
    lists: () =>
      opened.flatMap((one) => one.lists().map((list) => ({ ...list, method: one.method.id }))),
    async reload() {
      await Promise.all(opened.map((one) => one.reload()))
    },
    close() {
      for (const one of opened) one.close()
    },
  }
}

function checksOf(
  one: ComposedCertificateMethod,
  { vital }: { readonly vital: boolean },
): readonly ReadinessCheck[] {
  const { id } = one.method
  const demand = (fault: string | undefined): Promise<void> =>
    fault ? Promise.reject(new Error(fault)) : Promise.resolve()
  return [
    {
      name: `revocation lists of ${id}`,
      vital,
      check: () => {
        const old = one.lists().filter(({ state }) => state === 'stale' || state === 'missing')
        return demand(old.map(({ name, state }) => `${name} is ${state}`).join('; '))
      },
    },
    // The former ones stay in use, so nobody is sent elsewhere for this.
    { name: `certificate files of ${id}`, vital: false, check: () => demand(one.fileFault()) },
  ]
}

/** One listener for several proxies: the authorities of all, and each method believes its own. */
function together(options: readonly TlsOptions[]): TlsOptions | undefined {
  const [first] = options
  return first && { ...first, ca: options.flatMap(({ ca }) => (Array.isArray(ca) ? ca : [])) }
}

/** The ways into the API by certificates that proxies hand on to the main listener. */
export function forwardedWays(
  methods: readonly CertificateMethod[],
  metrics: Pick<WebMetrics, 'certificateRefused'>,
  record: SignInRecord,
): readonly ApiWay[] {
  return methods
    .filter(({ origin }) => origin === undefined)
    .map((method) => certificateWay(method, certificateRefusals({ metrics }, record), record))
}
