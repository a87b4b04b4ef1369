import * as z from 'zod/mini'

/** Names, reasons and addresses: no control character ever reaches a terminal, a file or a header. */
export function line(max: number) {
  return z
    .string()
    .check(
      z.maxLength(max),
      z.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'one line without control characters'),
    )
}
