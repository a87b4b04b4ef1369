import { fromBER, type BaseBlock, BitString, Null, Sequence } from 'asn1js'
import { AlgorithmIdentifier } from 'pkijs'
import { KeyFault } from './key-fault.ts'
import type { Signer } from './signer.ts'

/** RFC 4055 §5, RFC 5758 §3.2, RFC 9881 §2. */
const algorithms: Readonly<Record<string, { readonly id: string; readonly withNull: boolean }>> = {
  rsa: { id: '1.2.840.113549.1.1.11', withNull: true },
  ec: { id: '1.2.840.10045.4.3.2', withNull: false },
  'ml-dsa-44': { id: '2.16.840.1.101.3.4.3.17', withNull: false },
  'ml-dsa-65': { id: '2.16.840.1.101.3.4.3.18', withNull: false },
  'ml-dsa-87': { id: '2.16.840.1.101.3.4.3.19', withNull: false },
}

/** How the signer's signatures are named in certificates and revocation lists. KeyFault for a key of another kind. */
export function signatureAlgorithm({ publicKey }: Signer): AlgorithmIdentifier {
  const found = algorithms[publicKey?.asymmetricKeyType ?? '']
  if (!found) throw new KeyFault('unsupported_key', 'The key of the authority can not sign here.')
  return new AlgorithmIdentifier({
    algorithmId: found.id,
    ...(found.withNull && { algorithmParams: new Null() }),
  })
}

/** The part, its algorithm and its signature as one structure, DER (RFC 5280 §4.1 and §5.1). */
export async function signedStructure(part: BaseBlock, signer: Signer): Promise<Buffer> {
  const bytes = Buffer.from(part.toBER())
  const signature = await signer.sign(bytes, 'sha256')
  const whole = new Sequence({
    value: [
      fromBER(new Uint8Array(bytes)).result,
      signatureAlgorithm(signer).toSchema(),
      new BitString({ valueHex: new Uint8Array(signature).buffer }),
    ],
  })
  return Buffer.from(whole.toBER())
}
