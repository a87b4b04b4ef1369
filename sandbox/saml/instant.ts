const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

/** A moment as SAML writes it (core §1.3.3: UTC, no other zone) in milliseconds since the epoch, or undefined. */
export function parseInstant(text: string): number | undefined {
  if (!INSTANT.test(text)) return undefined
  const whole = text.slice(0, 19)
  const time = Date.parse(`${whole}Z`)
  // Date.parse takes the 30th of February for a day of March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 19) !== whole) return undefined
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '0'
  return time + Math.floor(Number(`0.${fraction}`) * 1000)
}

export function formatInstant(time: number): string {
  return new Date(time).toISOString()
}
