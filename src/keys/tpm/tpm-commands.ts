import { KeyFault } from '../key-fault.ts'
import { sized, TpmReader, uint } from './tpm-bytes.ts'
import type { TpmConnection } from './tpm-connection.ts'

// TPM 2.0 Library, Part 2, §6.5.2 and §6.9.
const codes = {
  createPrimary: 0x131,
  load: 0x157,
  sign: 0x15d,
  flushContext: 0x165,
  readPublic: 0x173,
} as const
const withSessions = 0x8002
const withoutSessions = 0x8001
const passwordSession = 0x40000009
const nullAlgorithm = 0x10

/** Who may use a key: its handle and the password, which travels only to this machine's own TPM. */
export interface Authorized {
  readonly handle: number
  readonly password: string
}

// A P-256 storage key: fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, noDA, restricted, decrypt; AES-128-CFB.
// Every maker of TSS2 files derives its parent from this template (ASN.1 Specification for TPM 2.0 Key Files, §3.1.8).
const storageTemplate = Buffer.concat([
  uint(0x23, 2),
  uint(0x0b, 2),
  uint(0x30472, 4),
  sized(Buffer.alloc(0)),
  ...[0x06, 128, 0x43, nullAlgorithm, 0x03, nullAlgorithm].map((part) => uint(part, 2)),
  sized(Buffer.alloc(0)),
  sized(Buffer.alloc(0)),
])

/** TPM2_CreatePrimary of the usual storage key in a hierarchy (Part 3, §24.1). Gives a handle to flush. */
export async function createPrimary(tpm: TpmConnection, hierarchy: Authorized): Promise<number> {
  const empty = sized(Buffer.alloc(0))
  const sensitive = sized(Buffer.concat([empty, empty]))
  const parameters = [sensitive, sized(storageTemplate), empty, uint(0, 4)]
  return (
    await send(tpm, codes.createPrimary, [hierarchy.handle], parameters, hierarchy.password)
  ).uint(4)
}

/** TPM2_Load (Part 3, §12.2). Gives a handle to flush. `pub` and `priv` are TPM2Bs. */
export async function load(
  tpm: TpmConnection,
  parent: Authorized,
  { priv, pub }: { readonly priv: Buffer; readonly pub: Buffer },
): Promise<number> {
  return (await send(tpm, codes.load, [parent.handle], [priv, pub], parent.password)).uint(4)
}

/** TPM2_ReadPublic (Part 3, §12.4): the key's TPMT_PUBLIC. */
export async function readPublic(tpm: TpmConnection, handle: number): Promise<Buffer> {
  return (await send(tpm, codes.readPublic, [handle], [])).sized()
}

/** TPM2_Sign of a digest that was made elsewhere (Part 3, §20.2): the TPMT_SIGNATURE after its two algorithms. */
export async function sign(
  tpm: TpmConnection,
  key: Authorized,
  digest: Buffer,
  algorithms: { readonly scheme: number; readonly hash: number },
): Promise<TpmReader> {
  const scheme = Buffer.concat([uint(algorithms.scheme, 2), uint(algorithms.hash, 2)])
  const noTicket = Buffer.concat([uint(0x8024, 2), uint(0x40000007, 4), sized(Buffer.alloc(0))])
  const parameters = [sized(digest), scheme, noTicket]
  const answer = await send(tpm, codes.sign, [key.handle], parameters, key.password)
  const parametersAndSignature = answer.take(8)
  if (parametersAndSignature.readUInt16BE(4) !== algorithms.scheme) {
    throw new KeyFault('tpm_key', 'The TPM signed in another way than it was asked to.')
  }
  return answer
}

/** TPM2_FlushContext (Part 3, §28.4): without a resource manager, a TPM has room for three. */
export async function flush(tpm: TpmConnection, handle: number): Promise<void> {
  await send(tpm, codes.flushContext, [], [uint(handle, 4)])
}

/** Sends a command; what follows the header is read from what this gives. KeyFault for everything but success. */
async function send(
  tpm: TpmConnection,
  code: number,
  handles: readonly number[],
  parameters: readonly Buffer[],
  password?: string,
): Promise<TpmReader> {
  const body = Buffer.concat([
    ...handles.map((handle) => uint(handle, 4)),
    ...(password === undefined ? [] : [authorization(password)]),
    ...parameters,
  ])
  const tag = password === undefined ? withoutSessions : withSessions
  const command = Buffer.concat([uint(tag, 2), uint(body.length + 10, 4), uint(code, 4), body])
  for (let tries = 1; ; tries += 1) {
    const answer = new TpmReader(await exchanged(tpm, command))
    answer.take(6)
    const result = answer.uint(4)
    if (result === 0) return answer
    if (!notStarted.has(result) || tries === mostTries) throw refused(result)
  }
}

// TPM_RC_YIELDED and TPM_RC_RETRY: the TPM was busy with itself, and the same command may come again.
const notStarted = new Set([0x908, 0x922])
const mostTries = 10

async function exchanged(tpm: TpmConnection, command: Buffer): Promise<Buffer> {
  try {
    return await tpm.exchange(command)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new KeyFault('tpm_key', 'The TPM does not answer.', { detail, cause })
  }
}

function authorization(password: string): Buffer {
  const session = [
    uint(passwordSession, 4),
    sized(Buffer.alloc(0)),
    uint(0, 1),
    sized(Buffer.from(password)),
  ]
  const area = Buffer.concat(session)
  return Buffer.concat([uint(area.length, 4), area])
}

// TPM 2.0 Library, Part 2, §6.6.3: format-one codes carry the parameter or session number in bits 8 to 11.
function refused(result: number): KeyFault {
  const detail = `TPM answer 0x${result.toString(16)}`
  const plain = result & 0x0bf
  if ((result & 0x80) !== 0 && (plain === 0x8e || plain === 0xa2)) {
    return new KeyFault('wrong_pin', 'The TPM refuses the password of the key.', { detail })
  }
  if (result === 0x921) {
    const message = 'The TPM is locked after too many wrong passwords. Wait, or ask its owner.'
    return new KeyFault('wrong_pin', message, { detail })
  }
  if ((result & 0x80) !== 0 && plain === 0x8b) {
    return new KeyFault('no_match', 'There is no key of that handle in the TPM.', { detail })
  }
  if ((result & 0x80) !== 0 && plain === 0x9f) {
    const message = 'The key was made by another TPM, or for another parent. Make one in this TPM.'
    return new KeyFault('tpm_key', message, { detail })
  }
  return new KeyFault('tpm_key', 'The TPM refuses to use the key.', { detail })
}
