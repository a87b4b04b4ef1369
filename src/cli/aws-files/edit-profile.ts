import { InvalidRequest } from '../../errors.ts'

/** What to make of one section: these keys with these values, and those not at all. */
export interface SectionEdit {
  /** `default` or `name` in the credentials file, `profile name` in the config file. */
  readonly section: string
  readonly set: readonly (readonly [string, string])[]
  readonly drop?: readonly string[]
}

interface Line {
  readonly text: string
  readonly end: string
}

/**
 * The file with one section changed and every other byte as it was; a section that is missing is put at the end. Works
 * on bytes, because these files hold whatever people typed. InvalidRequest for a name or value that would break a line.
 */
export function editSection(file: Buffer, edit: SectionEdit): Buffer {
  check(edit)
  // One character for each byte, so that nothing is lost on the way.
  const lines = linesOf(file.toString('latin1'))
  const end = lines.find((line) => line.end !== '')?.end ?? '\n'
  const start = lines.findIndex(({ text }, index) => headerOf(text, index) === bytes(edit.section))
  const edited = start < 0 ? appended(lines, edit, end) : replaced(lines, start, edit, end)
  return Buffer.from(edited.map(({ text, end: lineEnd }) => text + lineEnd).join(''), 'latin1')
}

function appended(lines: readonly Line[], { section, set }: SectionEdit, end: string): Line[] {
  const last = lines.at(-1)
  const before = last?.end === '' ? [...lines.slice(0, -1), { text: last.text, end }] : lines
  const gap = before.length > 0 && before.at(-1)?.text !== '' ? [{ text: '', end }] : []
  const own = set.map(([key, value]) => ({ text: `${bytes(key)} = ${bytes(value)}`, end }))
  return [...before, ...gap, { text: `[${bytes(section)}]`, end }, ...own]
}

function replaced(
  lines: readonly Line[],
  start: number,
  { set, drop = [] }: SectionEdit,
  end: string,
): Line[] {
  const next = lines.findIndex(
    ({ text }, index) => index > start && headerOf(text, index) !== undefined,
  )
  const stop = next < 0 ? lines.length : next
  const missing = new Map(set)
  const done = new Set<string>(drop)
  const section: Line[] = []
  let lastOwn = 0
  let parentIndent = -1
  for (const line of lines.slice(start, stop)) {
    const [, indent = '', name = '', value = ''] = keyLine.exec(line.text) ?? []
    const key = name.toLowerCase()
    // Below a key without a value, deeper lines are that key's own settings.
    const nested = parentIndent >= 0 && indent.length > parentIndent
    if (name !== '' && !nested) parentIndent = value === '' ? indent.length : -1
    if (name !== '' && !nested && (missing.has(key) || done.has(key))) {
      const wanted = missing.get(key)
      if (wanted === undefined) continue
      missing.delete(key)
      done.add(key)
      section.push({ text: `${indent}${name} = ${bytes(wanted)}`, end: line.end })
      parentIndent = -1
    } else {
      section.push(line)
    }
    if (line.text.trim() !== '') lastOwn = section.length
  }
  const added = [...missing].map(([key, value]) => ({
    text: `${bytes(key)} = ${bytes(value)}`,
    end,
  }))
  const head = section.slice(0, lastOwn)
  const tail = head.at(-1)
  // The file's last line may have no end, and then it gets none.
  if (added.length > 0 && tail?.end === '') {
    head.splice(-1, 1, { text: tail.text, end })
    added.splice(-1, 1, { text: added.at(-1)?.text ?? '', end: '' })
  }
  return [
    ...lines.slice(0, start),
    ...head,
    ...added,
    ...section.slice(lastOwn),
    ...lines.slice(stop),
  ]
}

const keyLine = /^([ \t]*)([^\s#;=:[][^=:]*?)[ \t]*[=:][ \t]*(.*?)[ \t]*$/
const byteOrderMark = '\xef\xbb\xbf'

// What botocore's reader takes for a section: a bracket at the start of a line, whatever follows the closing one.
function headerOf(text: string, index: number): string | undefined {
  const line = index === 0 && text.startsWith(byteOrderMark) ? text.slice(3) : text
  return /^\[[ \t]*(.+?)[ \t]*\]/.exec(line)?.[1]?.replace(/[ \t]+/g, ' ')
}

function linesOf(text: string): Line[] {
  return [...text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)]
    .map(([, line = '', end = '']) => ({ text: line, end }))
    .filter(({ text: line, end }) => line !== '' || end !== '')
}

function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

function check({ section, set }: SectionEdit): void {
  if (/[\p{Cc}[\]]/u.test(section) || section.trim() !== section || section === '') {
    throw new InvalidRequest('A profile name can hold neither brackets nor control characters.')
  }
  for (const [key, value] of set) {
    if (/\p{Cc}/u.test(value)) throw new InvalidRequest(`The value of ${key} would break the line.`)
  }
}
