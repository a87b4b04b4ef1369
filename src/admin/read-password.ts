import { StringDecoder } from 'node:string_decoder'
import type { AdminInput, AdminIo } from './admin-io.ts'

/** More than any password; keeps a wrong pipe from filling the memory. */
const maxBytes = 4096

/** Nothing usable was typed or piped; `message` says why. */
export class PasswordUnread extends Error {}

/**
 * A password from a terminal, asked for twice and never shown, or the only line of a pipe. Rejects with PasswordUnread.
 */
export async function readPassword(io: AdminIo): Promise<string> {
  const { stdin } = io
  if (!stdin) throw new PasswordUnread('There is no standard input to read the password from.')
  if (stdin.isTTY !== true || !stdin.setRawMode) return onlyLine(await readAll(stdin))
  const [first = '', again] = await typedLines(['Password: ', 'Again: '], stdin, io)
  if (first !== again) throw new PasswordUnread('The two don’t match. Nothing was hashed.')
  return checked(first)
}

async function readAll(stdin: AdminInput): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > maxBytes) throw tooLong()
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

function onlyLine(bytes: Buffer): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new PasswordUnread('The password is not UTF-8.')
  }
  return checked(text.replace(/\r?\n$/, ''))
}

function checked(password: string): string {
  if (password === '') throw new PasswordUnread('An empty password is none.')
  if (/\p{Cc}/u.test(password))
    throw new PasswordUnread('A password is one line, without control characters.')
  return password
}

function tooLong(): PasswordUnread {
  return new PasswordUnread(`A password has at most ${maxBytes} bytes.`)
}

/** A line for each prompt, from a terminal in raw mode: nothing is echoed, and control keys come as characters. */
async function typedLines(
  prompts: readonly string[],
  stdin: AdminInput,
  io: AdminIo,
): Promise<readonly string[]> {
  const decoder = new StringDecoder('utf8')
  const lines: string[] = []
  let line = ''
  /** True when the last line is there. */
  const take = (character: string): boolean => {
    switch (keyOf(character)) {
      case 'enter': {
        lines.push(line)
        line = ''
        const next = prompts[lines.length]
        if (next !== undefined) io.stderr(next)
        return next === undefined
      }
      case 'cancel':
        throw new PasswordUnread('Given up. Nothing was hashed.')
      case 'erase':
        line = line.replace(/.$/su, '')
        return false
      case 'clear':
        line = ''
        return false
      case 'other':
        line += character
        if (line.length > maxBytes) throw tooLong()
        return false
    }
  }
  stdin.setRawMode?.(true)
  io.stderr(prompts[0] ?? '')
  try {
    for await (const chunk of stdin)
      for (const character of decoder.write(Buffer.from(chunk))) if (take(character)) return lines
    throw new PasswordUnread('The input ended before a password came.')
  } finally {
    stdin.setRawMode?.(false)
    stdin.pause()
  }
}

function keyOf(character: string): 'enter' | 'cancel' | 'erase' | 'clear' | 'other' {
  switch (character) {
    case '\r':
    case '\n':
      return 'enter'
    case '\u0003':
    case '\u0004':
      return 'cancel'
    case '\u007f':
    case '\b':
      return 'erase'
    case '\u0015':
      return 'clear'
    default:
      return 'other'
  }
}
