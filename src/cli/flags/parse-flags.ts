import { type Exclusion, type Flag, UsageFault } from './flag.ts'

/** The flags of one call, with their defaults. Asking for a flag that the command does not declare is a defect. */
export class Flags {
  readonly #declared: ReadonlyMap<string, Flag>
  readonly #given: ReadonlyMap<string, readonly string[]>
  /** What stood beside the flags. */
  readonly words: readonly string[]

  constructor(
    declared: readonly Flag[],
    given: ReadonlyMap<string, readonly string[]>,
    words: readonly string[],
  ) {
    this.#declared = new Map(declared.map((flag) => [flag.name, flag]))
    this.#given = given
    this.words = words
  }

  declares(name: string): boolean {
    return this.#declared.has(name)
  }

  /** Whether it stood on the command line. */
  has(name: string): boolean {
    return this.#given.has(name)
  }

  text(name: string): string {
    return this.#last(name) ?? String(this.#flag(name).fallback ?? '')
  }

  /** Undefined for the empty text as well, which is every text's default. */
  filled(name: string): string | undefined {
    const text = this.text(name)
    return text === '' ? undefined : text
  }

  all(name: string): readonly string[] {
    this.#flag(name)
    return this.#given.get(name) ?? []
  }

  isOn(name: string): boolean {
    this.#flag(name)
    return this.#last(name) === 'true'
  }

  integer(name: string): number {
    return Number(this.#last(name) ?? this.#flag(name).fallback ?? 0)
  }

  #last(name: string): string | undefined {
    this.#flag(name)
    return this.#given.get(name)?.at(-1)
  }

  #flag(name: string): Flag {
    const flag = this.#declared.get(name)
    if (!flag) throw new Error(`the flag ${name} is not declared`)
    return flag
  }
}

/**
 * Reads `--flag value` and `--flag=value`; switches take a value only behind an equals sign, integers may be written
 * in any of Go's ways, and words that no flag takes are left over. Undefined when help is asked for. UsageFault otherwise.
 */
export function parseFlags(
  words: readonly string[],
  declared: readonly Flag[],
  exclusions: readonly Exclusion[] = [],
): Flags | undefined {
  const known = new Map(declared.map((flag) => [flag.name, flag]))
  const given = new Map<string, string[]>()
  const left: string[] = []
  // By hand, as AWS's helper reads them: util.parseArgs knows no numbers, and its loading costs every cached call a
  // twentieth.
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    if (word === '--') {
      left.push(...words.slice(index + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      left.push(word)
      continue
    }
    if (word === '--help' || word === '-h') return undefined
    if (!word.startsWith('--')) {
      throw new UsageFault(`unknown shorthand flag: '${word.charAt(1)}' in ${word}`)
    }
    const equals = word.indexOf('=')
    const name = word.slice(2, equals < 0 ? undefined : equals)
    const flag = known.get(name)
    if (!flag) throw new UsageFault(`unknown flag: --${name}`)
    let value = equals < 0 ? undefined : word.slice(equals + 1)
    if (value === undefined && flag.kind !== 'switch') {
      index += 1
      value = words[index]
    }
    given.set(name, [...(given.get(name) ?? []), valueOf(flag, value)])
  }
  checkExclusions(given, exclusions)
  return new Flags(declared, given, left)
}

function valueOf(flag: Flag, value: string | undefined): string {
  if (flag.kind === 'switch') return switchValue(flag, value ?? 'true')
  if (value === undefined) throw new UsageFault(`flag needs an argument: --${flag.name}`)
  if (flag.kind === 'integer') return String(integerValue(flag, value))
  if (flag.choices && !flag.choices.includes(value)) {
    throw new UsageFault(
      `invalid argument "${value}" for "--${flag.name}" flag: must be one of ${flag.choices.join(', ')}`,
    )
  }
  return value
}

function switchValue({ name }: Flag, value: string): string {
  if (['1', 't', 'true', 'T', 'TRUE', 'True'].includes(value)) return 'true'
  if (['0', 'f', 'false', 'F', 'FALSE', 'False'].includes(value)) return 'false'
  throw new UsageFault(`invalid argument "${value}" for "--${name}" flag: must be true or false`)
}

function integerValue({ name }: Flag, value: string): number {
  const integers: readonly (readonly [RegExp, number])[] = [
    [/^0[xX]([0-9a-fA-F]+)$/, 16],
    [/^0[bB]([01]+)$/, 2],
    [/^0[oO]?([0-7]+)$/, 8],
    [/^(\d+)$/, 10],
  ]
  const [, sign = '', written = ''] = /^([+-]?)(.*)$/s.exec(value) ?? []
  // 1_000 and 0x_ff (Go Language Specification, "Integer literals").
  const digits = written.replace(/(?<=[\da-fA-F]|^0[xXbBoO])_(?=[\da-fA-F])/g, '')
  for (const [shape, base] of integers) {
    const found = shape.exec(digits)?.[1]
    if (found === undefined) continue
    const number = Number.parseInt(`${sign}${found}`, base)
    if (Number.isSafeInteger(number)) return number
  }
  throw new UsageFault(`invalid argument "${value}" for "--${name}" flag: must be a whole number`)
}

function checkExclusions(
  given: ReadonlyMap<string, unknown>,
  exclusions: readonly Exclusion[],
): void {
  for (const pair of exclusions) {
    if (!pair.every((name) => given.has(name))) continue
    const both = pair.toSorted().join(' ')
    throw new UsageFault(
      `if any flags in the group [${pair.join(' ')}] are set none of the others can be; [${both}] were all set`,
    )
  }
}
