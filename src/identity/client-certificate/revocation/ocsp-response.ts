import { BasicOCSPResponse, OCSPResponse, type SingleResponse } from 'pkijs'
import { DerFault, onlyElement, tags } from '../der/der-reader.ts'
import type { ParsedCertificate } from '../parsed-certificate.ts'
import type { RevocationStatus } from './list-status.ts'
import { nonceId, type OcspName, sha1Id } from './ocsp-request.ts'
import { isSignedByResponder } from './ocsp-responder.ts'

/** What was asked, to hold the answer against. */
export interface OcspQuestion {
  readonly name: OcspName
  readonly issuer: ParsedCertificate
  readonly nonce: Buffer
  /** Some responders prepare their answers and leave the nonce out; a wrong one is never taken. */
  readonly nonceRequired: boolean
}

const basicResponse = '1.3.6.1.5.5.7.48.1.1'
const clockSkew = 300_000
/** How old an answer may be that doesn't say how long it holds. */
const longestWithoutEnd = 3_600_000

/**
 * What a responder's answer says (RFC 6960 §3.2). Anything that is not a fresh answer to this question, signed by the
 * issuer or a responder that the issuer appointed, is `unknown`, and says why.
 */
export function readOcspResponse(der: Buffer, question: OcspQuestion, now: Date): RevocationStatus {
  try {
    const outer = OCSPResponse.fromBER(copyOf(der))
    const code = outer.responseStatus.valueBlock.valueDec
    if (code !== 0) return unknown(`the responder refused with status ${code}`)
    if (outer.responseBytes?.responseType !== basicResponse) return unknown('no basic response')
    const answer = BasicOCSPResponse.fromBER(
      copyOf(Buffer.from(outer.responseBytes.response.valueBlock.valueHexView)),
    )
    if (!isSignedByResponder(answer, question.issuer, now)) return unknown('the signature is wrong')
    const nonceFault = checkExtensions(answer, question)
    if (nonceFault !== undefined) return unknown(nonceFault)
    const about = answer.tbsResponseData.responses.filter((single) =>
      isAbout(single, question.name),
    )
    const [single] = about
    if (!single || about.length > 1) return unknown('it is not about this certificate alone')
    return statusOf(single, now)
  } catch (error) {
    return unknown(`it can not be read: ${error instanceof Error ? error.message : 'no answer'}`)
  }
}

function statusOf(single: SingleResponse, now: Date): RevocationStatus {
  const { thisUpdate, nextUpdate } = single
  const end = nextUpdate?.getTime() ?? thisUpdate.getTime() + longestWithoutEnd
  const early = thisUpdate.getTime() > now.getTime() + clockSkew
  if (early || end + clockSkew < now.getTime()) return unknown('the answer is not of now')
  if (single.singleExtensions?.some(({ critical }) => critical))
    return unknown('a critical extension')
  const tag = tagOf(single.certStatus)
  if (tag === 0) return { is: 'good' }
  if (tag === 1) return { is: 'revoked' }
  return { ...unknown('the responder does not know the certificate'), isFinal: true }
}

/** What is wrong with the nonce or another extension, if anything. */
function checkExtensions({ tbsResponseData }: BasicOCSPResponse, question: OcspQuestion) {
  const extensions = tbsResponseData.responseExtensions ?? []
  const nonces = extensions.filter(({ extnID }) => extnID === nonceId)
  if (extensions.some(({ critical, extnID }) => critical && extnID !== nonceId)) {
    return 'a critical extension'
  }
  if (nonces.length === 0) return question.nonceRequired ? 'there is no nonce' : undefined
  const [nonce] = nonces.map(({ extnValue }) => Buffer.from(extnValue.valueBlock.valueHexView))
  const same = nonces.length === 1 && nonce && nonceIn(nonce).equals(question.nonce)
  return same ? undefined : 'the nonce is another one'
}

function nonceIn(value: Buffer): Buffer {
  try {
    return onlyElement(value, tags.octetString).content
  } catch (error) {
    // Before RFC 8954 it was raw.
    if (error instanceof DerFault) return value
    throw error
  }
}

function isAbout({ certID }: SingleResponse, name: OcspName): boolean {
  return (
    certID.hashAlgorithm.algorithmId === sha1Id &&
    name.issuerNameHash.equals(certID.issuerNameHash.valueBlock.valueHexView) &&
    name.issuerKeyHash.equals(certID.issuerKeyHash.valueBlock.valueHexView) &&
    Buffer.from(certID.serialNumber.valueBlock.valueHexView).toString('hex') === name.serial
  )
}

/** The choice of CertStatus; pkijs leaves it as it was read. */
function tagOf(certStatus: unknown): number | undefined {
  if (typeof certStatus !== 'object' || certStatus === null || !('idBlock' in certStatus))
    return undefined
  const { idBlock } = certStatus
  if (typeof idBlock !== 'object' || idBlock === null || !('tagNumber' in idBlock)) return undefined
  return typeof idBlock.tagNumber === 'number' ? idBlock.tagNumber : undefined
}

function unknown(why: string) {
  return { is: 'unknown', why: `OCSP: ${why}` } as const
}

function copyOf(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
