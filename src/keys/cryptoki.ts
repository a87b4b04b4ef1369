import { KeyFault } from './key-fault.ts'

/** An object, session or slot handle: a CK_ULONG in the machine's byte order. */
export type Handle = Buffer

/** An attribute to look for or to ask for (PKCS#11 v2.40 §4.1). */
export interface Attribute {
  readonly type: number
  readonly value?: Buffer | number | boolean | string
}

interface Described {
  readonly manufacturerID: string
}

/** The part of pkcs11js that is used here. It blocks, but for C_SignAsync. */
export interface Cryptoki {
  load(path: string): void
  close(): void
  C_Initialize(options: { flags: number }): void
  C_Finalize(): void
  C_GetInfo(): Described & {
    libraryDescription: string
    libraryVersion: { major: number; minor: number }
  }
  C_GetSlotList(tokenPresent: boolean): Handle[]
  C_GetSlotInfo(slot: Handle): Described & { slotDescription: string }
  C_GetTokenInfo(
    slot: Handle,
  ): Described & { label: string; model: string; serialNumber: string; flags: number }
  C_OpenSession(slot: Handle, flags: number): Handle
  C_CloseSession(session: Handle): void
  C_Login(session: Handle, userType: number, pin?: string): void
  C_FindObjectsInit(session: Handle, template: readonly Attribute[]): void
  C_FindObjects(session: Handle, most: number): Handle[]
  C_FindObjectsFinal(session: Handle): void
  C_GetAttributeValue(
    session: Handle,
    object: Handle,
    template: readonly Attribute[],
  ): { type: number; value: Buffer }[]
  C_SignInit(session: Handle, mechanism: { mechanism: number }, key: Handle): void
  C_SignAsync(session: Handle, data: Buffer, room: Buffer): Promise<Buffer>
}

/** How the optional package is found; tests and unusual installations pass their own. */
export type ImportModule = (name: string) => Promise<unknown>

interface Pkcs11Package {
  readonly PKCS11: new () => Cryptoki
}

const importInstalled: ImportModule = (name) => import(name)

/** The optional package pkcs11js. KeyFault `pkcs11_missing` says how to install it. */
export async function loadPkcs11Package(
  importModule: ImportModule = importInstalled,
): Promise<Pkcs11Package> {
  let found: unknown
  try {
    found = await importModule('pkcs11js')
  } catch (cause) {
    throw new KeyFault(
      'pkcs11_missing',
      'Keys on PKCS#11 tokens need the package pkcs11js, which is not installed. ' +
        'Install it beside Postern: npm install --no-save --no-strict-allow-scripts pkcs11js@2.1.7',
      { cause, detail: cause instanceof Error ? cause.message : String(cause) },
    )
  }
  // A CommonJS package comes as the default export.
  const candidates = [found, isObject(found) && 'default' in found ? found.default : undefined]
  const usable = candidates.find(isPkcs11Package)
  if (!usable)
    throw new KeyFault('pkcs11_missing', 'The installed pkcs11js is of another kind than 2.1.')
  return usable
}

function isPkcs11Package(value: unknown): value is Pkcs11Package {
  return isObject(value) && 'PKCS11' in value && typeof value.PKCS11 === 'function'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

const wrongPin = new Set(['CKR_PIN_INCORRECT', 'CKR_PIN_INVALID', 'CKR_PIN_LEN_RANGE'])

/** A failure of the token as a KeyFault; `detail` has the return value (PKCS#11 v2.40 §5.1). */
export function tokenFault(cause: unknown, doing: string): KeyFault {
  if (cause instanceof KeyFault) return cause
  const text = cause instanceof Error ? cause.message : String(cause)
  const [, name, inText] = /(CKR_\w+)(?::(\d+))?/.exec(text) ?? []
  const value = isObject(cause) && 'code' in cause ? Number(cause.code) : Number(inText)
  const detail = name ? `pkcs11: 0x${value.toString(16).toUpperCase()}: ${name}` : text
  if (name && wrongPin.has(name)) {
    return new KeyFault(
      'wrong_pin',
      'The token refuses the PIN. Check it; a token locks after a few wrong ones.',
      {
        detail,
        cause,
      },
    )
  }
  if (name === 'CKR_PIN_LOCKED') {
    return new KeyFault(
      'wrong_pin',
      'The PIN of the token is locked. Its administrator can unlock it.',
      {
        detail,
        cause,
      },
    )
  }
  return new KeyFault('pkcs11_failed', `The PKCS#11 token failed while ${doing}.`, {
    detail,
    cause,
  })
}

/** A CK_ULONG that the token gave. */
export function ulong(value: Buffer): bigint {
  return value.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}
