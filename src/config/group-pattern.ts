import { maxPatternGroupLength } from '../entitlements/decide.ts'

const maxLength = 1024
/** Ways in which one group name may be tried before the pattern is refused. */
const maxWays = 100_000

/** What a stretch of a pattern can cost. */
interface Cost {
  /** Ways in which it can match, at most. */
  readonly ways: number
  /** Whether it can match in more than one. */
  readonly varies: boolean
}

const one: Cost = { ways: 1, varies: false }

/**
 * What is wrong with a group pattern, as "expected ..."; undefined when it is anchored and quick on every group name.
 * Quick means: no backreference, no lookaround, no repeat within a repeat (the causes of exponential time; OWASP,
 * "Regular expression Denial of Service"), and repeats whose bounds multiply to a bearable number.
 */
export function groupPatternFault(source: string): string | undefined {
  if (source.length > maxLength) return `a pattern of at most ${maxLength} characters`
  if (!source.startsWith('^') || !/(?<!\\)(?:\\\\)*\$$/.test(source))
    return 'a pattern that starts with ^ and ends with $, so that it sees the whole name'
  if (compileGroupPattern(source) === undefined)
    return 'a regular expression (ECMAScript, with the u flag)'
  try {
    const reader = new PatternReader(source.slice(1, -1))
    const { ways } = reader.readAlternatives()
    if (reader.topLevelChoice)
      return 'a pattern whose | stands in ( ), because ^ and $ otherwise bind to one side only'
    if (ways > maxWays)
      return 'a pattern that is quicker: bound its repeats, such as [^,]{1,64} in place of .*'
    return undefined
  } catch (error) {
    if (error instanceof Refused) return error.message
    throw error
  }
}

/** The pattern, or undefined when it is no regular expression. */
export function compileGroupPattern(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'u')
  } catch {
    return undefined
  }
}

/** Names of the named groups in a pattern. */
export function groupNames(source: string): readonly string[] {
  return [...source.matchAll(/\(\?<(\w+)>/g)].map(([, name = '']) => name)
}

class Refused extends Error {}

/** Reads a pattern that has been compiled before, and so is known to be well-formed. */
class PatternReader {
  readonly #source: string
  #at = 0
  #depth = 0
  topLevelChoice = false

  constructor(source: string) {
    this.#source = source
  }

  /** Up to the end or the closing parenthesis. */
  readAlternatives(): Cost {
    const branches = [this.#readSequence()]
    while (this.#peek() === '|') {
      this.topLevelChoice ||= this.#depth === 0
      this.#at += 1
      branches.push(this.#readSequence())
    }
    return {
      ways: branches.reduce((sum, { ways }) => sum + ways, 0),
      varies: branches.length > 1 || branches.some(({ varies }) => varies),
    }
  }

  #readSequence(): Cost {
    let ways = 1
    let varies = false
    while (this.#at < this.#source.length && !'|)'.includes(this.#peek())) {
      const term = this.#readTerm()
      ways = Math.min(ways * term.ways, Number.MAX_SAFE_INTEGER)
      varies ||= term.varies
    }
    return { ways, varies }
  }

  #readTerm(): Cost {
    const atom = this.#readAtom()
    const [min, max] = this.#readQuantifier()
    if (max === 1) return min === 1 ? atom : { ways: atom.ways + 1, varies: true }
    if (atom.varies)
      throw new Refused('a pattern without a repeat or a choice inside a repeated group')
    return { ways: max - min + 1, varies: max > min }
  }

  #readAtom(): Cost {
    const next = this.#peek()
    this.#at += 1
    if (next === '\\') return this.#readEscape()
    if (next === '[') return this.#skipClass()
    if (next === '(') return this.#readGroup()
    return one
  }

  #readEscape(): Cost {
    const next = this.#peek()
    if (/[1-9k]/.test(next)) throw new Refused('a pattern without backreferences')
    this.#at += 1
    const rest = this.#source.slice(this.#at)
    const braces = /^\{[^}]*\}/.exec(rest)?.[0] ?? ''
    if ('pPu'.includes(next)) this.#at += braces.length
    return one
  }

  #skipClass(): Cost {
    while (this.#peek() !== ']') this.#at += this.#peek() === '\\' ? 2 : 1
    this.#at += 1
    return one
  }

  #readGroup(): Cost {
    const opening = /^\?(?::|<\w+>)/.exec(this.#source.slice(this.#at))?.[0]
    if (this.#peek() === '?' && opening === undefined)
      throw new Refused('a pattern without lookaround and modifiers')
    this.#at += opening?.length ?? 0
    this.#depth += 1
    const cost = this.readAlternatives()
    this.#depth -= 1
    this.#at += 1
    return cost
  }

  #readQuantifier(): [number, number] {
    const match = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.#source.slice(this.#at))
    if (!match) return [1, 1]
    this.#at += match[0].length
    const [whole, low, comma, high] = match
    if (whole.startsWith('?')) return [0, 1]
    if (whole.startsWith('*')) return [0, maxPatternGroupLength]
    if (whole.startsWith('+')) return [1, maxPatternGroupLength]
    const min = Number(low)
    if (!comma) return [min, min]
    return [min, high ? Number(high) : Math.max(min, maxPatternGroupLength)]
  }

  #peek(): string {
    return this.#source[this.#at] ?? ''
  }
}
