import { StsError, validationError } from './sts-error.ts'

export interface StringRule {
  readonly min?: number
  readonly max?: number
  /** As AWS prints it; the whole value has to match. */
  readonly pattern?: string
}

const LONGEST_LIST = 100

/**
 * Reads an action's parameters and collects what is wrong, because AWS reports all of it in one
 * ValidationError. Call `check` after reading.
 */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>
  readonly #faults: string[] = []

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values
  }

  required(name: string, rule: StringRule): string {
    const value = this.optional(name, rule)
    if (value === undefined) this.fault(undefined, member(name), 'Member must not be null')
    return value ?? ''
  }

  optional(name: string, rule: StringRule): string | undefined {
    const value = this.#values.get(name)
    if (value !== undefined) this.#checkString(value, member(name), rule)
    return value
  }

  /** A whole number within the bounds of AWS's service model. */
  integer(name: string, min: number, max: number): number | undefined {
    const text = this.#values.get(name)
    if (text === undefined) return undefined
    if (!/^-?\d{1,10}$/.test(text)) {
      // AWS does not document its answer to a number that isn't one.
      throw new StsError(400, 'MalformedInput', 'Invalid Integer')
    }
    const value = Number(text)
    if (value < min) {
      this.fault(text, member(name), `Member must have value greater than or equal to ${min}`)
    }
    if (value > max) {
      this.fault(text, member(name), `Member must have value less than or equal to ${max}`)
    }
    return value
  }

  /** How many entries `name.member.1`, `.2`, ... the request holds; at most `max` are legal. */
  listLength(name: string, max: number): number {
    const prefix = `${name}.member.`
    const numbers = [...this.#values.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => Number(key.slice(prefix.length).split('.')[0]))
    const length = Math.max(0, ...numbers)
    if (!Number.isInteger(length) || length > LONGEST_LIST || new Set(numbers).size !== length) {
      // AWS does not document its answer to a list with gaps.
      throw new StsError(
        400,
        'MalformedInput',
        `The list ${name} is not numbered from 1 without gaps`,
      )
    }
    if (length > max) {
      const constraint = `Member must have length less than or equal to ${max}`
      this.#faults.push(`Value at '${member(name)}' failed to satisfy constraint: ${constraint}`)
    }
    return length
  }

  fault(value: string | undefined, name: string, constraint: string): void {
    const what = value === undefined ? 'Value null' : `Value '${value}'`
    this.#faults.push(`${what} at '${name}' failed to satisfy constraint: ${constraint}`)
  }

  check(): void {
    const count = this.#faults.length
    if (count === 0) return
    const noun = count === 1 ? 'validation error' : 'validation errors'
    throw validationError(`${count} ${noun} detected: ${this.#faults.join('; ')}`)
  }

  #checkString(value: string, name: string, rule: StringRule): void {
    const length = Array.from(value).length
    if (rule.min !== undefined && length < rule.min) {
      this.fault(value, name, `Member must have length greater than or equal to ${rule.min}`)
    }
    if (rule.max !== undefined && length > rule.max) {
      this.fault(value, name, `Member must have length less than or equal to ${rule.max}`)
    }
    if (rule.pattern !== undefined && !anchored(rule.pattern).test(value)) {
      this.fault(value, name, `Member must satisfy regular expression pattern: ${rule.pattern}`)
    }
  }
}

const anchoredPatterns = new Map<string, RegExp>()

function anchored(pattern: string): RegExp {
  const known = anchoredPatterns.get(pattern)
  if (known !== undefined) return known
  const made = new RegExp(`^(?:${pattern})$`, 'u')
  anchoredPatterns.set(pattern, made)
  return made
}

/** `Tags.member.1.Key` is `tags.1.member.key` in messages. */
function member(name: string): string {
  return name
    .split('.')
    .map((part) => part.charAt(0).toLowerCase() + part.slice(1))
    .join('.')
    .replace(/\.member\.(\d+)/g, '.$1.member')
}
