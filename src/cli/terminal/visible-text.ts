/**
 * Text from elsewhere that can do nothing to a terminal: whatever controls it, or turns the direction of writing, becomes a
 * question mark. Line ends count as such too.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '?')
}

/** How many columns of a terminal a text takes. */
export function displayWidth(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + widthOf(character), 0)
}

/** The text in so many columns at most; what was cut off its end shows as an ellipsis. */
export function fitted(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  let kept = ''
  let left = columns - 1
  for (const character of text) {
    left -= widthOf(character)
    if (left < 0) break
    kept += character
  }
  return `${kept}…`
}

function widthOf(character: string): number {
  if (character >= ' ' && character <= '~') return 1
  if (isUnseen(character)) return 0
  return isWide(character) ? 2 : 1
}

// These stand in functions because reading them takes a twentieth of bare Node's start, and few calls need them.

function isUnseen(character: string): boolean {
  return /^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character)
}

// What takes two columns: East Asian wide and full-width letters, and emoji (Unicode Standard Annex 11).
function isWide(character: string): boolean {
  return /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u.test(
    character,
  )
}
