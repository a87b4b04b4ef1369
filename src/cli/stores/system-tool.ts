import { win32 } from 'node:path'
import type { Surroundings } from '../surroundings.ts'

const folders = {
  'cmd.exe': 'System32',
  'icacls.exe': 'System32',
  'powershell.exe': 'System32\\WindowsPowerShell\\v1.0',
} as const

/**
 * Where Windows has a tool of its own. A bare name would be looked for in the working folder first, which may be
 * anybody's.
 */
export function systemTool(name: keyof typeof folders, { env }: Pick<Surroundings, 'env'>): string {
  const { SystemRoot: named = '' } = env
  const root = /^[A-Za-z]:\\/.test(named) ? named : 'C:\\Windows'
  return win32.join(root, folders[name], name)
}

/** The places where a program of the user's own may be, in the order in which the system looks. Only whole paths count. */
export function placesOf(
  program: string,
  { env, platform }: Pick<Surroundings, 'env' | 'platform'>,
): readonly string[] {
  const { PATH: unix, Path: windows } = env
  if (platform === 'win32') {
    const folders = (windows ?? unix ?? '').split(';').map((folder) => folder.replaceAll('"', ''))
    return folders
      .filter((folder) => /^(?:[A-Za-z]:[\\/]|\\\\)/.test(folder))
      .map((folder) => win32.join(folder, `${program}.exe`))
  }
  return (unix ?? '')
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => `${folder.replace(/\/+$/, '')}/${program}`)
}
