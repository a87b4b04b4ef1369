import { displayWidth, fitted, printable } from './visible-text.ts'

const gap = '  '
// A column is not made narrower than this for the sake of the others.
const narrowest = 8

/**
 * Rows as a text table, a line each, the first row being the head. `columns` is the width to keep to, undefined for
 * whatever it takes: then nothing is cut, so that programs read whole values. The widest columns give way first. Cells are
 * made printable; `paintHead` is for the head as a whole. The last `spare` columns are left out where there is no room for
 * them, before any other is cut.
 */
export function renderTable(
  rows: readonly (readonly string[])[],
  columns: number | undefined,
  paintHead: (text: string) => string = (text) => text,
  spare = 0,
): string {
  const cells = rows.map((row) => row.map(printable))
  const count = Math.max(0, ...cells.map((row) => row.length))
  const natural = Array.from({ length: count }, (_, index) =>
    Math.max(...cells.map((row) => displayWidth(row[index] ?? ''))),
  )
  const widths = columns === undefined ? natural : fitting(natural, columns, spare)
  const lines = cells.map((row) =>
    widths
      .map((width, index) => {
        const text = fitted(row[index] ?? '', width)
        return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
      })
      .join(gap)
      .trimEnd(),
  )
  return lines.map((line, index) => `${index === 0 ? paintHead(line) : line}\n`).join('')
}

function fitting(natural: readonly number[], columns: number, spare: number): readonly number[] {
  const left = natural.slice(0, spare > 0 && excessOf(natural, columns) > 0 ? -1 : undefined)
  return left.length < natural.length
    ? fitting(left, columns, spare - 1)
    : narrowed(natural, columns)
}

function excessOf(widths: readonly number[], columns: number): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1) - columns
}

/** Takes a column off the widest again and again, until all of them fit or none can give way any more. */
function narrowed(natural: readonly number[], columns: number): readonly number[] {
  const widths = [...natural]
  let excess = excessOf(widths, columns)
  while (excess > 0) {
    const widest = Math.max(...widths)
    if (widest <= narrowest) break
    widths[widths.lastIndexOf(widest)] = widest - 1
    excess -= 1
  }
  return widths
}
