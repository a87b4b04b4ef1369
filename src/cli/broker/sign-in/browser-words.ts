import type { Surroundings } from '../../surroundings.ts'

type Place = Pick<Surroundings, 'env' | 'platform'>

/** Whether a browser on this very machine could be opened: not over SSH, and on Linux only with a display. */
export function hasBrowser({ env, platform }: Place): boolean {
  if (env['SSH_CONNECTION'] || env['SSH_TTY'] || env['SSH_CLIENT']) return false
  if (env['BROWSER']) return true
  if (platform === 'win32' || platform === 'darwin') return true
  return Boolean(env['DISPLAY'] ?? env['WAYLAND_DISPLAY'])
}

/** The program that opens an address, and its arguments; never a line for a shell. BROWSER goes before the system's own. */
export function browserWords(url: string, { env, platform }: Place): readonly string[] {
  const own = env['BROWSER']
  if (own) {
    // Several alternatives may stand there with colons between them; a drive letter has one too.
    const first = platform === 'win32' ? own : (own.split(':')[0] ?? own)
    const words = first.split(' ').filter((word) => word !== '')
    const hasPlace = words.some((word) => word.includes('%s'))
    return hasPlace ? words.map((word) => word.replace('%s', () => url)) : [...words, url]
  }
  if (platform === 'darwin') return ['/usr/bin/open', url]
  if (platform === 'win32') {
    const root = env['SystemRoot'] ?? 'C:\\Windows'
    return [`${root}\\System32\\rundll32.exe`, 'url.dll,FileProtocolHandler', url]
  }
  return ['xdg-open', url]
}
