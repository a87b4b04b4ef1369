/** A text with something in it; an empty variable of the environment counts as none. */
export function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
