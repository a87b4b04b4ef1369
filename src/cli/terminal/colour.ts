import type { Surroundings } from '../surroundings.ts'
import type { OutputStream } from './terminal.ts'

/** Ways to set a text off; each gives it back as it is where nothing is to be coloured. */
export interface Colours {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly yellow: (text: string) => string
  readonly green: (text: string) => string
}

// Select Graphic Rendition (ECMA-48 §8.3.117): how each begins and ends.
const renditions = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
} as const

/** Colours for a stream: none unless it is a capable terminal and NO_COLOR (no-color.org) is unset or empty. */
export function coloursFor(
  stream: OutputStream,
  { env, terminal }: Pick<Surroundings, 'env' | 'terminal'>,
): Colours {
  const isOn = !env['NO_COLOR'] && terminal(stream)?.isCapable === true
  const painted =
    (name: keyof Colours) =>
    (text: string): string => {
      const [begin, end] = renditions[name]
      return isOn ? `\u001b[${begin}m${text}\u001b[${end}m` : text
    }
  return {
    bold: painted('bold'),
    dim: painted('dim'),
    red: painted('red'),
    yellow: painted('yellow'),
    green: painted('green'),
  }
}
