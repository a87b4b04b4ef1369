import { readFile } from 'node:fs/promises'

const TIMEOUT_MILLISECONDS = 5000
const LONGEST = 512 * 1024

/** The text of a file, or of a web page (http or https). Rejects with an Error that says what is wrong. */
export async function readDocument(place: string): Promise<string> {
  if (!/^https?:/.test(place)) return await readFile(place, 'utf8')
  const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS)
  const answer = await fetch(place, { signal, redirect: 'error' }).catch((error: unknown) => {
    throw new Error(`${place} can't be reached`, { cause: error })
  })
  if (!answer.ok) throw new Error(`${place} answers ${answer.status}`)
  const text = await answer.text()
  if (text.length > LONGEST) throw new Error(`${place} is larger than ${LONGEST} bytes`)
  return text
}

/** The same, with undefined where there is nothing to be had. */
export async function readDocumentIfAny(place: string): Promise<string | undefined> {
  return await readDocument(place).catch(() => undefined)
}
