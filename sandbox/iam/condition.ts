import { operators, type Comparison } from './condition-operators.ts'
import type { ConditionContext } from './condition-context.ts'
import { substitute } from './policy-variables.ts'

/** `unknown` is a condition that the sandbox can't judge: an Allow does not get by it, a Deny does. */
export type Verdict = boolean | 'unknown'

type ConditionBlock = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

/** All operators and all keys of a Condition element must hold. */
export function conditionHolds(block: ConditionBlock, context: ConditionContext): Verdict {
  let verdict: Verdict = true
  for (const [operator, keys] of Object.entries(block)) {
    for (const [key, values] of Object.entries(keys)) {
      const one = holds(operator, key, values, context)
      if (one === false) return false
      if (one === 'unknown') verdict = 'unknown'
    }
  }
  return verdict
}

function holds(
  operator: string,
  key: string,
  wanted: readonly string[],
  context: ConditionContext,
): Verdict {
  const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(operator)
  const [, quantifier, name = '', ifExists] = match ?? []
  const found = context.lookup(key)
  if (found === undefined) return 'unknown'
  const expected = wanted.map((value) => substitute(value, context))
  if (expected.includes(undefined)) return 'unknown'
  const values = expected.filter((value) => value !== undefined)
  if (name === 'Null') {
    if (ifExists !== undefined || quantifier !== undefined) return 'unknown'
    return values.includes(String(found.length === 0))
  }
  const comparison = operators.get(name)
  if (comparison === undefined) return 'unknown'
  if (ifExists !== undefined && found.length === 0) return true
  return quantified(quantifier, comparison, found, values)
}

function quantified(
  quantifier: string | undefined,
  { compare, negated }: Comparison,
  found: readonly string[],
  wanted: readonly string[],
): Verdict {
  const one = (value: string): boolean =>
    negated
      ? wanted.every((other) => !compare(value, other))
      : wanted.some((other) => compare(value, other))
  if (quantifier === 'ForAllValues') return found.every(one)
  if (quantifier === 'ForAnyValue') return found.some(one)
  if (found.length === 0) return negated
  // A key with several values needs a quantifier; AWS does not document what happens without.
  const [only, ...more] = found
  return only === undefined || more.length > 0 ? 'unknown' : one(only)
}
