import { closeSync, openSync, writeSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { ReadStream } from 'node:tty'

const longest = 4096

/** Asks at the terminal itself, whatever the standard streams are. Nothing is echoed. Undefined without a terminal. */
export async function askSecret(
  question: string,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  const [input, output] = platform === 'win32' ? ['CONIN$', 'CONOUT$'] : ['/dev/tty', '/dev/tty']
  let reading: number
  let writing: number
  try {
    reading = openSync(platform === 'win32' ? `\\\\.\\${input}` : input, 'r+')
  } catch {
    return undefined
  }
  try {
    writing = openSync(platform === 'win32' ? `\\\\.\\${output}` : output, 'r+')
  } catch {
    closeSync(reading)
    return undefined
  }
  const terminal = new ReadStream(reading)
  try {
    terminal.setRawMode(true)
    writeSync(writing, question)
    return await typedLine(terminal)
  } finally {
    terminal.setRawMode(false)
    writeSync(writing, '\n')
    terminal.destroy()
    closeSync(writing)
  }
}

/** A line in raw mode; control-C and control-D give up. */
async function typedLine(terminal: AsyncIterable<Buffer | string>): Promise<string | undefined> {
  const decoder = new StringDecoder('utf8')
  let line = ''
  for await (const chunk of terminal) {
    for (const character of decoder.write(Buffer.from(chunk))) {
      if (character === '\r' || character === '\n') return line
      if (character === '\u0003' || character === '\u0004') return undefined
      if (character === '\u007f' || character === '\b') line = line.replace(/.$/su, '')
      else if (character === '\u0015') line = ''
      else line += character
      if (line.length > longest) return undefined
    }
  }
  return undefined
}
