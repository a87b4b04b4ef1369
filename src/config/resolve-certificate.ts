import { resolve } from 'node:path'
import type {
  CertificateMethodConfig,
  CertificateProxyConfig,
  CertificateRevocationConfig,
} from './certificate-method-config.ts'
import type { DocumentSettings } from './schema/document.ts'

type Method = Extract<DocumentSettings['signIn'][number], { type: 'client-certificate' }>

/** Sign-in by client certificate with its defaults. Relative paths start at `folder`. */
export function certificateMethodOf(method: Method, folder: string): CertificateMethodConfig {
  const { id, label = 'Smart card or certificate', people = id, directory, machines } = method
  const place = (path: string) => resolve(folder, path)
  return {
    type: method.type,
    id,
    label,
    people,
    authorities: method.authorities.map(({ files, ...authority }) => ({
      ...authority,
      files: files.map(place),
    })),
    revocation: method.revocation.unchecked ? undefined : revocationOf(method.revocation, place),
    directory,
    machines,
    entry: entryOf(method, place),
  }
}

function revocationOf(
  { lists, responders, failPolicy }: Method['revocation'],
  place: (path: string) => string,
): CertificateRevocationConfig {
  return {
    lists: lists.map(({ file, url, refresh, alarm }) => ({
      location: file === undefined ? { url: String(url) } : { file: place(file) },
      refreshSeconds: refresh,
      alarmSeconds: alarm,
    })),
    responders: responders.map(({ url, authorities = [], timeout, nonce }) => ({
      url,
      authorities: authorities.map(place),
      timeout: timeout * 1000,
      nonce,
    })),
    failPolicy,
  }
}

function entryOf(
  { id, listen, proxy }: Method,
  place: (path: string) => string,
): CertificateMethodConfig['entry'] {
  if (listen) {
    const { host, port, url, tls } = listen
    const [certificate, key] = [place(tls.certificate), place(tls.key)]
    return { by: 'listener', host, port, url: url.origin, certificate, key }
  }
  if (!proxy) throw new TypeError(`unchecked entry of ${id}`)
  const { format, headers, addresses } = proxy
  return { by: 'proxy', format, headers, addresses, proof: proofOf(proxy, place) }
}

function proofOf(
  { secret, secretHeader, authorities }: NonNullable<Method['proxy']>,
  place: (path: string) => string,
): CertificateProxyConfig['proof'] {
  if (secret) return { by: 'secret', header: secretHeader, secret }
  return authorities
    ? { by: 'certificate', authorities: authorities.map(place) }
    : { by: 'address' }
}
