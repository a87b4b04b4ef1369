/** A point in time, for people without JavaScript (`text`, UTC) and for the script that shows local time (`iso`). */
export interface Moment {
  readonly iso: string
  readonly text: string
}

/** A time as the pages show it: `09:14 UTC` on the day of `now`, with the date on every other. */
export function momentOf(time: Date, now: Date): Moment {
  const iso = `${time.toISOString().slice(0, 19)}Z`
  const day = iso.slice(0, 10)
  const clock = `${iso.slice(11, 16)} UTC`
  return { iso, text: day === now.toISOString().slice(0, 10) ? clock : `${day} ${clock}` }
}

/** Seconds as people say them: `12 h`, `1 h 30 min`, `15 min`, `40 s`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < 60) return `${whole} s`
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  return [hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`].filter(Boolean).join(' ')
}

/** How long ago, roughly: `5 min ago`, `3 h ago`, `2 days ago`. Free of time zones, unlike `yesterday`. */
export function agoText(time: Date, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - time.getTime()) / 1000)
  if (seconds < 60) return 'just now'
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  const days = Math.floor(seconds / 86_400)
  return days === 1 ? '1 day ago' : `${days} days ago`
}

/** `1 role`, `3 roles`. */
export function countText(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}

/** A reason as a sentence of its own. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
