/** Seconds as people read them: `12 h`, `1 h 30 min`, `15 min`. */
export function longText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  const parts = [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : '']
  return parts.filter((part) => part !== '').join(' ') || `${seconds} s`
}
