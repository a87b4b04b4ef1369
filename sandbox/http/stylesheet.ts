import { readFileSync } from 'node:fs'

const common = readFileSync(new URL('./page.css', import.meta.url), 'utf8')

/** What every page of the sandbox looks like, and what this kind of page adds. */
export function stylesheetWith(own: URL): string {
  return `${common}\n${readFileSync(own, 'utf8')}`
}
