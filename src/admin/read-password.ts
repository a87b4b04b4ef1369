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
  const first = await typed('Password: ', stdin, io)
  const again = await typed('Again: ', stdin, io)
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

/** One line from a terminal in raw mode, in which nothing is echoed and control keys come as characters. */
async function typed(prompt: string, stdin: AdminInput, io: AdminIo): Promise<string> {
  io.stderr(prompt)
  const decoder = new StringDecoder('utf8')
  stdin.setRawMode?.(true)
  stdin.resume()
  try {
    return await new Promise<string>((resolve, reject) => {
      let line = ''
      const end = (act: () => void): void => {
        stdin.off('data', onData).off('end', onEnd)
        act()
      }
      const onEnd = (): void => {
        end(() => {
          reject(new PasswordUnread('The input ended before a password came.'))
        })
      }
      const onData = (chunk: Buffer | string): void => {
        for (const character of typeof chunk === 'string' ? chunk : decoder.write(chunk)) {
          const key = keyOf(character)
          if (key === 'enter') {
            end(() => {
              resolve(line)
            })
            return
          }
          if (key === 'cancel') {
            onEnd()
            return
          }
          line =
            key === 'erase' ? line.replace(/.$/su, '') : key === 'clear' ? '' : line + character
          if (line.length > maxBytes) {
            end(() => {
              reject(tooLong())
            })
            return
          }
        }
      }
      stdin.on('data', onData).on('end', onEnd)
    })
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
