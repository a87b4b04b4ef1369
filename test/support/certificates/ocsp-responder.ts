import { Enumerated, GeneralizedTime, Integer, Null, OctetString, Sequence } from 'asn1js'
import { type KeyObject, sign } from 'node:crypto'
import { AlgorithmIdentifier, type CertID, OCSPRequest } from 'pkijs'
import { der } from './raw-der.ts'

/** What a test has the responder say; the rest is as a good answer has it. */
export interface AnswerPlan {
  readonly key: KeyObject
  readonly status?: 'good' | 'revoked' | 'unknown'
  readonly from?: Date
  readonly to?: Date | 'open'
  /** Certificates that go along. */
  readonly certificates?: readonly Uint8Array[]
  readonly nonce?: 'none' | Uint8Array
  /** Rewrites the name of the certificate that the answer is about. */
  readonly serial?: Uint8Array
  readonly responseStatus?: number
}

const nonceId = Buffer.from('06092b0601050507300102', 'hex')
const basicId = Buffer.from('06092b0601050507300101', 'hex')
const ecdsaWithSha256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'))

/** An answer to a request (RFC 6960 §4.2.1), put together apart from the code under test. */
export function ocspAnswer(request: Buffer, plan: AnswerPlan, now: Date): Buffer {
  if (plan.responseStatus !== undefined) {
    return der(0x30, Buffer.from(new Enumerated({ value: plan.responseStatus }).toBER()))
  }
  const { tbsRequest } = OCSPRequest.fromBER(new Uint8Array(request).buffer)
  const [asked] = tbsRequest.requestList
  const [extension] = tbsRequest.requestExtensions ?? []
  if (!asked || !extension) throw new Error('the request asks nothing')
  const { from = new Date(now.getTime() - 60_000), to = new Date(now.getTime() + 60_000) } = plan
  const single = der(
    0x30,
    certId(asked.reqCert, plan.serial),
    statusOf(plan.status ?? 'good', from),
    time(from),
    ...(to === 'open' ? [] : [der(0xa0, time(to))]),
  )
  const nonce = plan.nonce ?? Buffer.from(extension.extnValue.valueBlock.valueHexView)
  const responseExtensions =
    nonce === 'none' ? [] : [der(0xa1, der(0x30, der(0x30, nonceId, der(0x04, nonce))))]
  const responderId = der(0xa2, der(0x04, Buffer.alloc(20)))
  const data = der(0x30, responderId, time(now), der(0x30, single), ...responseExtensions)
  const signature = der(0x03, Buffer.from([0]), sign('sha256', data, plan.key))
  const certificates = (plan.certificates ?? []).map((bytes) => Buffer.from(bytes))
  const basic = der(
    0x30,
    data,
    ecdsaWithSha256,
    signature,
    ...(certificates.length > 0 ? [der(0xa0, der(0x30, ...certificates))] : []),
  )
  const bytes = der(0xa0, der(0x30, basicId, der(0x04, basic)))
  return der(0x30, Buffer.from('0a0100', 'hex'), bytes)
}

function certId(asked: CertID, serial: Uint8Array | undefined): Buffer {
  if (!serial) return Buffer.from(asked.toSchema().toBER())
  return Buffer.from(
    new Sequence({
      value: [
        new AlgorithmIdentifier({
          algorithmId: asked.hashAlgorithm.algorithmId,
          algorithmParams: new Null(),
        }).toSchema(),
        new OctetString({ valueHex: asked.issuerNameHash.valueBlock.valueHexView.slice().buffer }),
        new OctetString({ valueHex: asked.issuerKeyHash.valueBlock.valueHexView.slice().buffer }),
        new Integer({ valueHex: new Uint8Array(serial).buffer }),
      ],
    }).toBER(),
  )
}

function statusOf(status: 'good' | 'revoked' | 'unknown', at: Date): Buffer {
  if (status === 'revoked') return der(0xa1, time(at))
  return der(status === 'good' ? 0x80 : 0x82)
}

function time(at: Date): Buffer {
  return Buffer.from(new GeneralizedTime({ valueDate: at }).toBER())
}
