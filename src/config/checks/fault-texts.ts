import { closest } from '../closest.ts'
import type { PathFault } from '../issue-faults.ts'
import type { Path } from '../yaml.ts'

/** A name that leads nowhere, with the one that was probably meant. */
export function unknownName(
  path: Path,
  name: string,
  where: string,
  known: Iterable<string>,
): PathFault {
  const near = closest(name, known)
  const expected = `a name that stands under ${where}${near === undefined ? '' : `, perhaps ${near}`}`
  return { path, found: JSON.stringify(name), expected }
}

export interface Occurrence {
  readonly path: Path
  /** What must not stand twice. */
  readonly key: string | undefined
  readonly shown?: string
}

/** A fault for each occurrence but the first. */
export function repeats(occurrences: readonly Occurrence[]): readonly PathFault[] {
  const seen = new Set<string>()
  return occurrences.flatMap(({ path, key, shown = key }) => {
    if (key === undefined) return []
    if (seen.has(key))
      return [{ path, found: `${JSON.stringify(shown)} a second time`, expected: 'each once' }]
    seen.add(key)
    return []
  })
}
