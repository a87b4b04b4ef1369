import ejs, { type TemplateFunction } from 'ejs'
import type { Express } from 'express'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * EJS with each view compiled once, at the start, so that a broken one stops the start and not a visitor. Without `with`,
 * which costs more than all the rest of a page; views read `locals.frame` and `locals.page`.
 */
export function useViews(app: Express, folder: string): void {
  const views = new Map<string, TemplateFunction>()
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.ejs'))) {
    const filename = join(folder, name)
    views.set(filename, compile(filename, folder))
  }
  app.set('views', folder)
  app.set('view engine', 'ejs')
  app.enable('view cache')
  app.engine('ejs', (filename, locals, done) => {
    try {
      done(null, views.get(filename)?.(locals))
    } catch (error) {
      done(error)
    }
  })
}

function compile(filename: string, folder: string): TemplateFunction {
  return ejs.compile(readFileSync(filename, 'utf8'), {
    filename,
    root: folder,
    views: [folder],
    cache: true,
    strict: true,
    localsName: 'locals',
    destructuredLocals: ['frame', 'page'],
    async: false,
  })
}
