/** How long a sign-in of the command line may last. Seconds. */
export interface TerminalLife {
  readonly tokenSeconds: number
  readonly absoluteSeconds: number
}

/**
 * When a sign-in that begins now ends: after its own life, or before that where whoever approved it may not stay longer.
 * All in milliseconds since the epoch.
 */
export function terminalEnd(
  approverEndsAt: number | undefined,
  now: number,
  { absoluteSeconds }: Pick<TerminalLife, 'absoluteSeconds'>,
): number {
  const absolute = now + absoluteSeconds * 1000
  return Math.min(approverEndsAt ?? absolute, absolute)
}
