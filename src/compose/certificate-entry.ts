import { readFile } from 'node:fs/promises'
import type { TlsOptions } from 'node:tls'
import type {
  CertificateListenConfig,
  CertificateMethodConfig,
  CertificateProxyConfig,
} from '../config/certificate-method-config.ts'
import type { Effects } from '../effects.ts'
import { trustedProxyList } from '../identity/address.ts'
import type { CertificateMethod } from '../identity/client-certificate/certificate-method.ts'
import { directPeer } from '../identity/client-certificate/direct-peer.ts'
import { bringsForwarded } from '../identity/client-certificate/forwarded/certificate-headers.ts'
import { forwardedPeer } from '../identity/client-certificate/forwarded/forwarded-peer.ts'
import { forwardedRequest } from '../identity/client-certificate/forwarded/forwarded-request.ts'
import { namedFormat } from '../identity/client-certificate/forwarded/header-format.ts'
import type { ProxyProof } from '../identity/client-certificate/forwarded/trusted-proxy.ts'
import { tlsListenerOptions } from '../identity/client-certificate/tls-listener-options.ts'
import {
  readAuthorities,
  type TrustedAuthorities,
} from '../identity/client-certificate/trusted-authorities.ts'
import { readTlsKeyPair, type TlsKeyPair } from '../keys/tls-key-pair.ts'

/** How certificates come in: by a listener of our own or by a proxy. */
export interface CertificateEntry extends Pick<
  CertificateMethod,
  'origin' | 'brings' | 'presented'
> {
  readonly listener:
    | {
        readonly origin: string
        readonly host: string
        readonly port: number
        pair(): TlsKeyPair
        tlsOptions(): TlsOptions
      }
    | undefined
  proxyClients(): TlsOptions | undefined
  /** Reads its own files anew. What can't be read rejects, and stays as it was. */
  reload(): Promise<void>
}

/** Reads the files of an entry. Rejects with KeyFault, CertificateRefusal or the system's error. */
export async function certificateEntry(
  config: CertificateMethodConfig['entry'],
  authorities: () => TrustedAuthorities,
  effects: Pick<Effects, 'now'>,
): Promise<CertificateEntry> {
  return config.by === 'listener' ? direct(config, authorities) : proxied(config, effects)
}

async function direct(
  config: CertificateListenConfig,
  authorities: () => TrustedAuthorities,
): Promise<CertificateEntry> {
  const { host, port, url } = config
  let pair = await readTlsKeyPair(config)
  return {
    origin: url,
    // Whoever comes to this listener wants nothing else, and reads why there is none.
    brings: () => true,
    presented: directPeer,
    listener: {
      origin: url,
      host,
      port,
      pair: () => pair,
      tlsOptions: () => tlsListenerOptions({ ...pair, authorities: authorities() }),
    },
    proxyClients: () => undefined,
    async reload() {
      pair = await readTlsKeyPair(config)
    },
  }
}

async function proxied(
  config: CertificateProxyConfig,
  { now }: Pick<Effects, 'now'>,
): Promise<CertificateEntry> {
  const format = namedFormat(config.format, config.headers)
  const addresses = trustedProxyList(config.addresses)
  let proof = await proofOf(config)
  return {
    origin: undefined,
    brings: ({ rawHeaders }) => bringsForwarded(rawHeaders, format.certificate),
    presented: (request) =>
      forwardedPeer(forwardedRequest(request), { format, proxies: { addresses, proof } }, now()),
    listener: undefined,
    proxyClients: () =>
      proof.by === 'certificate'
        ? { requestCert: true, rejectUnauthorized: false, ca: [...proof.authorities.pem] }
        : undefined,
    async reload() {
      proof = await proofOf(config)
    },
  }
}

async function proofOf({ proof }: CertificateProxyConfig): Promise<ProxyProof> {
  if (proof.by === 'secret') return { ...proof, secret: proof.secret.reveal() }
  if (proof.by === 'address') return proof
  const files = await Promise.all(proof.authorities.map((file) => readFile(file)))
  return { by: 'certificate', authorities: readAuthorities(files) }
}
