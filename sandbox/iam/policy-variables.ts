import type { ConditionContext } from './condition-context.ts'

const LITERAL: Readonly<Record<string, string>> = { '*': '*', '?': '?', $: '$' }
const VARIABLE = /\$\{([^}]*)\}/g

/** Puts the request's values where a policy says `${aws:username}`; undefined when one is missing or unknown. */
export function substitute(text: string, context: ConditionContext): string | undefined {
  if (!text.includes('${')) return text
  const names = [...text.matchAll(VARIABLE)].map(([, name = '']) => name)
  const values = new Map(names.map((name) => [name, valueOf(name, context)]))
  if ([...values.values()].includes(undefined)) return undefined
  return text.replace(VARIABLE, (_, name: string) => values.get(name) ?? '')
}

function valueOf(name: string, context: ConditionContext): string | undefined {
  const literal = LITERAL[name]
  if (literal !== undefined) return literal
  const [only, ...more] = context.lookup(name) ?? []
  return more.length === 0 ? only : undefined
}
