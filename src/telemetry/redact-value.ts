import { KeyObject } from 'node:crypto'
import { redactText } from './redact-text.ts'

const mask = '[redacted]'
const deepest = 8
const widest = 100
const mostValues = 2_000

/** A name that holds one of these holds a secret, however it is spelled. */
const secretParts =
  /secret|password|passwd|passphrase|token|cookie|authorization|saml(?:response|request|assertion)|privatekey|relaystate|codeverifier|devicecode|signinurl|consoleurl|amzsignature/
const secretNames = /^(?:session|sid|sessionid|pfx|pem|sealed|auth|pass|pwd)$/

/** Whether the value under this name must not be told. */
function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  return secretParts.test(plain) || secretNames.test(plain)
}

/**
 * A copy for the log: secrets under a telling name are masked at any depth, text is searched for them, errors are
 * spelled out with their causes, and size and depth are bounded. Never throws.
 */
export function redactValue(value: unknown): unknown {
  return copy(value, { left: mostValues, above: new Set() }, 0)
}

interface Walk {
  left: number
  /** The objects around this one, to stop at a cycle. */
  readonly above: Set<object>
}

function copy(value: unknown, walk: Walk, depth: number): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (typeof value !== 'object' || value === null) return value
  if (walk.above.has(value)) return '[circular]'
  if (depth >= deepest || walk.left <= 0) return '[more]'
  walk.above.add(value)
  try {
    return copyObject(value, walk, depth + 1)
  } catch {
    return '[unreadable]'
  } finally {
    walk.above.delete(value)
  }
}

function copyObject(value: object, walk: Walk, depth: number): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof URL || value instanceof URLSearchParams) return redactText(String(value))
  if (value instanceof KeyObject) return mask
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return copyList(value, walk, depth)
  if (value instanceof Set) return copyList([...value], walk, depth)
  if (value instanceof Map || value instanceof Headers) return copyEntries([...value], walk, depth)
  if (value instanceof Error) return copyError(value, walk, depth)
  return copyEntries(Object.entries(value), walk, depth)
}

function copyEntries(entries: readonly (readonly [unknown, unknown])[], walk: Walk, depth: number) {
  const copied: Record<string, unknown> = {}
  for (const [key, value] of entries.slice(0, widest)) {
    walk.left--
    const name = typeof key === 'string' ? key : String(copy(key, walk, depth))
    const told = isSecretName(name) && holdsContent(value) ? mask : copy(value, walk, depth)
    Object.defineProperty(copied, redactText(name), { value: told, enumerable: true })
  }
  if (entries.length > widest) copied['…'] = `${entries.length - widest} more`
  return copied
}

/** A list may be raw headers, where a name is followed by its value (Node, message.rawHeaders), or pairs of both. */
function copyList(list: readonly unknown[], walk: Walk, depth: number): unknown[] {
  const copied = list.slice(0, widest).map((value, index) => {
    walk.left--
    const before = list[index - 1]
    const named = typeof before === 'string' && isSecretName(before)
    return named && holdsContent(value) ? mask : copy(value, walk, depth)
  })
  return list.length > widest ? [...copied, `… ${list.length - widest} more`] : copied
}

function copyError(error: Error, walk: Walk, depth: number): unknown {
  const { name, message, stack, cause, ...rest } = error
  const errors = error instanceof AggregateError ? { errors: error.errors } : {}
  return {
    type: redactText(name),
    message: redactText(message),
    ...copyEntries(Object.entries({ ...rest, ...errors }), walk, depth),
    ...(cause === undefined ? {} : { cause: copy(cause, walk, depth) }),
    ...(stack === undefined ? {} : { stack: redactText(stack) }),
  }
}

function holdsContent(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'boolean' && value !== ''
}
