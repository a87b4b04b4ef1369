import { join } from 'node:path'
import type { Surroundings } from '../surroundings.ts'

/** Where a program's settings belong on each system (XDG Base Directory Specification; Apple, "File System Basics"). */
export function configFolder({
  env,
  home,
  platform,
}: Pick<Surroundings, 'env' | 'home' | 'platform'>): string {
  const { XDG_CONFIG_HOME: xdg, APPDATA: roaming } = env
  if (platform === 'win32') return join(roaming ?? join(home, 'AppData', 'Roaming'), 'postern')
  if (xdg?.startsWith('/')) return join(xdg, 'postern')
  return platform === 'darwin'
    ? join(home, 'Library/Application Support/postern')
    : join(home, '.config/postern')
}
