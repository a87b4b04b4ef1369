/** A duration for buttons and tables: `1 h`, `90 min`, `2 h 15 min`. Takes whole seconds. */
export function shortDuration(seconds: number): string {
  return parts(seconds)
    .map(([count, unit]) => `${count} ${{ hour: 'h', minute: 'min', second: 's' }[unit]}`)
    .join(' ')
}

/** A duration for sentences: `1 hour`, `90 minutes`, `2 hours 15 minutes`. Takes whole seconds. */
export function longDuration(seconds: number): string {
  return parts(seconds)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
    .join(' ')
}

type Unit = 'hour' | 'minute' | 'second'

function parts(seconds: number): [number, Unit][] {
  // People say "90 minutes" and not "1 hour 30 minutes", but nobody says "150 minutes".
  if (seconds < 7200 && seconds % 3600 !== 0 && seconds % 60 === 0 && seconds > 0)
    return [[seconds / 60, 'minute']]
  const all: [number, Unit][] = [
    [Math.floor(seconds / 3600), 'hour'],
    [Math.floor((seconds % 3600) / 60), 'minute'],
    [seconds % 60, 'second'],
  ]
  const some = all.filter(([count]) => count > 0)
  return some.length > 0 ? some : [[0, 'second']]
}
