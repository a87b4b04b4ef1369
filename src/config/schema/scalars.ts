import { z } from 'zod'
import { parseTemplate } from '../../entitlements/template.ts'
import { dereferenced } from '../references.ts'
import { Secret } from '../secret.ts'

// The kinds of value that the configuration is made of. Each takes a reference in place of a literal, and the message of
// each check is the second half of a fault: "expected ...".

const control = /\p{Cc}/u

/** One line of text. `${` in it can only be a reference that went wrong. */
export function text({ max = 1024, pattern, expected }: TextRules = {}) {
  const line = z
    .string()
    .min(1, { error: 'text that is not empty', abort: true })
    .max(max, { error: `at most ${max} characters`, abort: true })
    .refine((value) => !control.test(value), { error: 'one line of text', abort: true })
    .refine((value) => !value.includes('${'), {
      error: '${env:NAME} or ${file:path} where a reference is meant',
      abort: true,
    })
  return z.preprocess(dereferenced, pattern ? line.regex(pattern, { error: expected }) : line)
}

export interface TextRules {
  readonly max?: number
  readonly pattern?: RegExp
  readonly expected?: string
}

/** Text over several lines: PEM, a policy. May hold `${`, because policy variables look like that. */
export function longText(max = 65_536) {
  return z.preprocess(
    dereferenced,
    z.string().min(1, 'text that is not empty').max(max, `at most ${max} characters`),
  )
}

/** Text with `${name}`, `${people}`, `${email}` or `${attribute.x}`, and literal characters of `legal`. */
export function template(legal: RegExp, expected: string) {
  return z.preprocess(
    dereferenced,
    z
      .string()
      .min(1, { error: 'text that is not empty', abort: true })
      .max(1024, { error: 'at most 1024 characters', abort: true })
      .refine((value) => parseTemplate(value) !== undefined, {
        error: 'only ${name}, ${people}, ${email} and ${attribute.NAME} as variables',
        abort: true,
      })
      .refine(
        (value) => (parseTemplate(value) ?? []).every((part) => legal.test(part.text ?? '')),
        { error: expected },
      ),
  )
}

/** A whole number. From a reference it comes as text. */
export function integer(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`
  return z.preprocess(
    (value) => {
      const plain = dereferenced(value)
      return typeof value === 'symbol' && typeof plain === 'string' && /^\d{1,15}$/.test(plain)
        ? Number(plain)
        : plain
    },
    z.int(error).min(min, error).max(max, error),
  )
}

/** true or false. From a reference it comes as text. */
export function flag() {
  return z.preprocess((value) => {
    const plain = dereferenced(value)
    if (typeof value !== 'symbol') return plain
    return plain === 'true' ? true : plain === 'false' ? false : plain
  }, z.boolean())
}

/** One of a few words. */
export function choice<const Word extends string>(words: readonly Word[]) {
  return z.preprocess(dereferenced, z.enum(words))
}

const asReference = '${file:path} or ${env:NAME}, because a secret never stands here itself'

/** A secret: by reference only. Never shown in a fault. */
export function secret({ min = 1, expected }: { min?: number; expected?: string } = {}) {
  return z
    .custom<unknown>((value) => typeof value === 'symbol', { error: asReference, abort: true })
    .transform(dereferenced)
    .pipe(z.string().min(min, expected ?? `a secret of at least ${min} characters`))
    .transform((value) => new Secret(value))
    .meta({ type: 'string', pattern: '^\\$\\{(env|file):[^${}]+\\}$', writeOnly: true })
}
