import { statSync } from 'node:fs'
import { win32 } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

// What Windows itself says where PATHEXT is not set.
const usualEndings = '.COM;.EXE;.BAT;.CMD'

/**
 * What to start for the name of a program; undefined where Windows has none of that name. Starting a bare name would find
 * a program of the working folder first there, and whoever filled that folder would get what is meant for the real one.
 * So it is looked for in PATH alone, with the endings of PATHEXT, unless a path was written. Other systems do so anyway.
 */
export function programPath(
  program: string,
  env: Environment,
  platform: NodeJS.Platform,
  isFile: (path: string) => boolean = isPlainFile,
): string | undefined {
  if (platform !== 'win32' || /[\\/:]/.test(program)) return program
  const endings = split(named(env, 'PATHEXT') ?? usualEndings)
  const isWhole = endings.some((ending) => program.toLowerCase().endsWith(ending.toLowerCase()))
  const names = isWhole ? [program] : endings.map((ending) => `${program}${ending}`)
  return split(named(env, 'PATH') ?? '')
    .map((folder) => folder.replace(/^"(.*)"$/, '$1'))
    .filter(isFixed)
    .flatMap((folder) => names.map((name) => win32.join(folder, name)))
    .find(isFile)
}

// A relative folder of PATH is the working folder by another name.
function isFixed(folder: string): boolean {
  return /^(?:[a-z]:[\\/]|\\\\)/i.test(folder)
}

function split(list: string): string[] {
  return list.split(';').filter((one) => one !== '')
}

// The names of variables differ in case there, mostly as `Path`.
function named(env: Environment, name: string): string | undefined {
  return Object.entries(env).find(([own]) => own.toUpperCase() === name)?.[1]
}

function isPlainFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}
