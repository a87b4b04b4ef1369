import { AccessDenied } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'

/** Literal text, or where a value comes from: `name`, `people`, `email`, `attribute.team`. */
export type TemplatePart =
  { readonly text: string } | { readonly variable: string; readonly text?: never }

const variable = /\$\{(name|people|email|attribute\.[^{}$]{1,128})\}/

/** A template taken apart, or undefined when it holds a `${...}` that nobody fills. */
export function parseTemplate(template: string): readonly TemplatePart[] | undefined {
  const parts: TemplatePart[] = []
  let rest = template
  for (let match = variable.exec(rest); match; match = variable.exec(rest)) {
    parts.push({ text: rest.slice(0, match.index) }, { variable: match[1] ?? '' })
    rest = rest.slice(match.index + match[0].length)
  }
  parts.push({ text: rest })
  const some = parts.filter((part) => part.text !== '')
  return some.some((part) => part.text?.includes('${')) ? undefined : some
}

/**
 * Fills a template from an identity. Throws AccessDenied when a value is missing, empty or not single: a name or tag
 * that stays away in silence would loosen what AWS decides by it.
 */
export function renderTemplate(template: string, identity: Identity): string {
  const parts = parseTemplate(template)
  if (!parts) throw new TypeError(`not a template: ${template}`)
  return parts.map((part) => part.text ?? valueOf(part.variable, identity)).join('')
}

function valueOf(wanted: string, identity: Identity): string {
  const values = candidates(wanted, identity)
  const [value] = values
  if (values.length === 1 && value !== undefined && value !== '') return value
  const attribute = wanted.startsWith('attribute.')
    ? `attribute "${wanted.slice('attribute.'.length)}"`
    : wanted
  const problem = values.length > 1 ? `brought ${values.length} values for it` : 'did not bring it'
  throw new AccessDenied(
    `This role needs your ${attribute}, and your sign-in ${problem}. Ask your administrator to set exactly one.`,
    { detail: `template variable \${${wanted}} has ${values.length} values` },
  )
}

function candidates(wanted: string, identity: Identity): readonly string[] {
  switch (wanted) {
    case 'name':
      return [identity.name]
    case 'people':
      return [identity.person.people]
    case 'email':
      return identity.email === undefined ? [] : [identity.email]
    default: {
      const name = wanted.slice('attribute.'.length)
      return Object.hasOwn(identity.attributes, name) ? (identity.attributes[name] ?? []) : []
    }
  }
}
