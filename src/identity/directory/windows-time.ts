const epochDifference = 11_644_473_600_000n
const ticksPerMillisecond = 10_000n

/** A FILETIME (100 ns since 1601, MS-DTYP §2.3.3) as milliseconds since 1970. Undefined when it is no number. */
export function readFileTime(text: string): number | undefined {
  if (!/^-?\d{1,19}$/.test(text)) return undefined
  return Number(BigInt(text) / ticksPerMillisecond - epochDifference)
}

/** A negative interval of 100 ns, as Active Directory keeps durations, in milliseconds. Undefined when it is none. */
export function readInterval(text: string): number | undefined {
  if (!/^-\d{1,19}$|^0$/.test(text)) return undefined
  return Number(-BigInt(text) / ticksPerMillisecond)
}
