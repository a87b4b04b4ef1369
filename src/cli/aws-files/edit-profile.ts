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

/** A line with its part in the file, as botocore's reader (Python's configparser) sees it. */
interface ReadLine extends Line {
  /** The section that it begins. */
  readonly header?: string
  /** The setting that it has, in lower case. */
  readonly key?: string
  /** It belongs to the value of the setting above it. */
  readonly isMore?: boolean
}

/**
 * The file with one section changed and every other byte as it was; a section that is missing is put at the end. Works
 * on bytes, because these files hold whatever people typed. InvalidRequest for a name or value that would break a line.
 */
export function editSection(file: Buffer, edit: SectionEdit): Buffer {
  check(edit)
  // One character for each byte, so that nothing is lost on the way.
  const lines = read(linesOf(file.toString('latin1')))
  const end = lines.find((line) => line.end !== '')?.end ?? '\n'
  const start = lines.findIndex(({ header }) => header === bytes(edit.section))
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
  lines: readonly ReadLine[],
  start: number,
  { set, drop = [] }: SectionEdit,
  end: string,
): Line[] {
  const next = lines.findIndex(({ header }, index) => index > start && header !== undefined)
  const stop = next < 0 ? lines.length : next
  const missing = new Map(set)
  const ours = new Set([...missing.keys(), ...drop])
  const section: Line[] = []
  let lastOwn = 0
  let isOurs = false
  for (const line of lines.slice(start, stop)) {
    const { key } = line
    if (key !== undefined) isOurs = ours.has(key)
    // What is left of a value that is no longer there.
    if (isOurs && line.isMore) continue
    if (isOurs && key !== undefined) {
      const wanted = missing.get(key)
      if (wanted === undefined) continue
      missing.delete(key)
      const [, indent = '', name = ''] = keyLine.exec(line.text) ?? []
      section.push({ text: `${indent}${name} = ${bytes(wanted)}`, end: line.end })
    } else {
      section.push(line)
    }
    if (line.text.trim() !== '') lastOwn = section.length
  }
  // As deep as the header below, which would otherwise belong to the last value.
  const [pad = ''] = /^[ \t]*/.exec(lines[stop]?.text ?? '') ?? []
  const added = [...missing].map(([key, value]) => ({
    text: `${pad}${bytes(key)} = ${bytes(value)}`,
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

const keyLine = /^([ \t]*)([^\s#;=:[][^=:]*?)[ \t]*[=:]/
const byteOrderMark = '\xef\xbb\xbf'

function read(lines: readonly Line[]): ReadLine[] {
  // How deep the setting stands that deeper lines belong to; -1 where none is open.
  let depth = -1
  return lines.map((line, index) => {
    const text = index === 0 && line.text.startsWith(byteOrderMark) ? line.text.slice(3) : line.text
    const indent = /^[ \t]*(?=[^\s#;])/.exec(text)?.[0].length
    if (indent === undefined) return line
    if (depth >= 0 && indent > depth) return { ...line, isMore: true }
    // A bracket, whatever follows the closing one. Spaces at the ends of a name count, and make it another.
    const header = /^[ \t]*\[(.+?)\]/.exec(text)?.[1]
    if (header !== undefined) {
      depth = -1
      return { ...line, header: header.replace(/[ \t]+/g, ' ') }
    }
    const key = keyLine.exec(text)?.[2]
    if (key === undefined) return line
    depth = indent
    return { ...line, key: key.toLowerCase() }
  })
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
