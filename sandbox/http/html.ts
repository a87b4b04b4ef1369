/** Text that is already HTML. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
}

/** A template whose values are escaped unless they are `Html` themselves. */
export function html(parts: TemplateStringsArray, ...values: (string | number | Html)[]): Html {
  const out = parts.map((part, i) => {
    const value = values[i]
    if (value === undefined) return part
    return part + (value instanceof Html ? value.text : escapeMarkup(String(value)))
  })
  return new Html(out.join(''))
}
