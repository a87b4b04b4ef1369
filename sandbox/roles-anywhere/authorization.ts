import { singleHeader, type SandboxRequest } from '../http/request.ts'
import { denied, invalid } from './refusal.ts'

/** The Authorization header of a request that a certificate signed. */
export interface CertificateAuthorization {
  readonly algorithm: string
  /** Decimal. */
  readonly serial: string
  readonly scope: Scope
  readonly signedHeaders: readonly string[]
  readonly signature: Buffer
}

interface Scope {
  readonly date: string
  readonly region: string
  readonly service: string
  readonly terminator: string
}

const HEADER =
  /^(AWS4-X509-[A-Z0-9-]+) +Credential=(\d{1,64})\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9]+)\/([a-z0-9_]+) *, *SignedHeaders=([a-z0-9;_-]+) *, *Signature=((?:[0-9a-f]{2})+)$/

/** Reads the header; AWS documents none of its words for one that is missing or malformed. */
export function readAuthorization(request: SandboxRequest): CertificateAuthorization {
  const header = singleHeader(request, 'authorization')
  if (header === undefined) throw denied('Missing Authentication Token')
  const parts = HEADER.exec(header.trim())
  if (parts === null) throw invalid('The Authorization header is malformed')
  const [, algorithm, serial, date, region, service, terminator, names, signature] =
    parts as unknown as readonly string[]
  return {
    algorithm: algorithm ?? '',
    serial: serial ?? '',
    scope: {
      date: date ?? '',
      region: region ?? '',
      service: service ?? '',
      terminator: terminator ?? '',
    },
    signedHeaders: (names ?? '').split(';'),
    signature: Buffer.from(signature ?? '', 'hex'),
  }
}
