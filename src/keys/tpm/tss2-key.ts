import { KeyFault } from '../key-fault.ts'
import { pemBlocks } from '../pem.ts'

/** A key that only one TPM can load (ASN.1 Specification for TPM 2.0 Key Files, §3). */
export interface Tss2Key {
  /** A persistent handle, or that of a hierarchy. */
  readonly parent: number
  readonly needsPassword: boolean
  /** TPM2B_PUBLIC and TPM2B_PRIVATE, as the TPM takes them. */
  readonly pub: Buffer
  readonly priv: Buffer
}

const loadable = '2.23.133.10.1.3'

/** Reads the TSS2 block of a PEM text. KeyFault for keys of other kinds: importable, sealed, or bound to a policy. */
export async function readTss2Key(bytes: Buffer): Promise<Tss2Key | undefined> {
  const block = pemBlocks(bytes).find(({ label }) => label === 'TSS2 PRIVATE KEY')
  if (!block) return undefined
  const asn1 = await import('asn1js')
  const { result } = asn1.fromBER(new Uint8Array(block.der).buffer)
  if (!(result instanceof asn1.Sequence)) throw unreadable()
  const [type, ...fields] = result.valueBlock.value
  const kind = type instanceof asn1.ObjectIdentifier ? type.getValue() : ''
  if (kind !== loadable) {
    throw new KeyFault(
      'unsupported_key',
      `A TPM key of the kind ${kind} can't sign. Make a loadable one.`,
    )
  }
  const tagged = new Map(
    fields
      .filter((field) => field instanceof asn1.Constructed && field.idBlock.tagClass === 3)
      .map((field) => [field.idBlock.tagNumber, field]),
  )
  if (tagged.has(1) || tagged.has(3)) {
    throw new KeyFault(
      'unsupported_key',
      'The TPM key is bound to a policy, which is not supported.',
    )
  }
  const [parent, pub, priv] = fields.slice(tagged.size)
  if (
    !(parent instanceof asn1.Integer) ||
    !(pub instanceof asn1.OctetString) ||
    !(priv instanceof asn1.OctetString)
  ) {
    throw unreadable()
  }
  const empty = tagged.get(0)
  const flag = empty instanceof asn1.Constructed ? empty.valueBlock.value[0] : undefined
  return {
    parent: Number(BigInt.asUintN(32, parent.toBigInt())),
    needsPassword: !(flag instanceof asn1.Boolean && flag.getValue()),
    pub: Buffer.from(pub.getValue()),
    priv: Buffer.from(priv.getValue()),
  }
}

function unreadable(): KeyFault {
  return new KeyFault('bad_private_key', "The TPM key can't be read. It is damaged.")
}
