import { plainText } from '../pages/account-text.ts'

const longest = 64

/** What a program says of itself: too short to talk anybody into anything, and without what turns the text around it. */
export function ownWords(text: string): string {
  const plain = plainText(text)
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain
}
