import { CliFault } from '../cli-fault.ts'

/**
 * Words as one line that a shell, or whatever the AWS tools split a credential_process with, takes apart into the same
 * words: single quotes, which all of them read alike, but double ones on Windows. CliFault for what no quotes can carry.
 */
export function quoteWords(words: readonly string[], platform: NodeJS.Platform): string {
  return words.map((word) => (platform === 'win32' ? windowsWord(word) : posixWord(word))).join(' ')
}

function posixWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  if (/[\p{Cc}']/u.test(word)) throw unquotable(word)
  return `'${word}'`
}

function windowsWord(word: string): string {
  if (/^[\w@+=:,./\\-]+$/.test(word)) return word
  if (/[\p{Cc}"%!]/u.test(word)) throw unquotable(word)
  return `"${word}"`
}

function unquotable(word: string): CliFault {
  return new CliFault(
    `${JSON.stringify(word)} can't stand in a credential_process. Choose a path without quotes and percent signs.`,
  )
}
