import { CliFault } from '../cli-fault.ts'

const longest = 64 * 1024

/** The Base64 values that a tool printed in a JSON object under a name: one, or an array. CliFault otherwise. */
export function readAnswer(printed: string, name: string): readonly Buffer[] {
  let answer: unknown
  try {
    // Windows PowerShell may put a byte order mark first.
    answer = JSON.parse(printed.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw unusable(cause)
  }
  const value: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.map((text) => {
    if (typeof text !== 'string' || text.length > longest || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
      throw unusable(undefined)
    }
    return Buffer.from(text, 'base64')
  })
}

function unusable(cause: unknown): CliFault {
  return new CliFault('The certificate store answered with something that is no answer.', { cause })
}
