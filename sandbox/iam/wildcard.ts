/** Whether `text` matches a pattern of `*` (any run) and `?` (one character), in linear memory and without backtracking blow-up. */
export function wildcardMatches(pattern: string, text: string): boolean {
  let p = 0
  let star = -1
  let resume = 0
  for (let t = 0; t < text.length;) {
    if (
      p < pattern.length &&
      (pattern[p] === '?' || pattern[p] === text[t]) &&
      pattern[p] !== '*'
    ) {
      p += 1
      t += 1
    } else if (pattern[p] === '*') {
      star = p
      resume = t
      p += 1
    } else if (star >= 0) {
      resume += 1
      t = resume
      p = star + 1
    } else return false
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}
