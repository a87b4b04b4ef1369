import { format, resolveConfig } from 'prettier'
import { configurationJsonSchema } from '../../src/config/json-schema.ts'
import { envExample } from './env-example.ts'
import { exampleYaml } from './example.ts'
import { referenceMarkdown } from './reference.ts'

const root = new URL('../..', import.meta.url).pathname
const start = '<!-- reference: npm run docs:config writes from here -->'
const end = '<!-- reference: to here -->'

/** Every file that is made from the configuration's schema, by path, with its content. `read` gives what stands now. */
export async function configDocs(read: (path: string) => string): Promise<Map<string, string>> {
  const page = read('docs/configuration.md')
  const from = page.indexOf(start)
  const to = page.indexOf(end)
  if (from === -1 || to < from)
    throw new Error(`docs/configuration.md lacks the lines\n${start}\n${end}`)
  const markdown = `${page.slice(0, from)}${start}\n\n${referenceMarkdown()}\n${page.slice(to)}`
  return new Map([
    await formatted('docs/configuration.md', markdown),
    await formatted('docs/configuration.schema.json', JSON.stringify(configurationJsonSchema())),
    await formatted('examples/postern.yaml', exampleYaml()),
    ['.env.example', envExample()],
  ])
}

async function formatted(path: string, content: string): Promise<[string, string]> {
  const options = await resolveConfig(`${root}/${path}`)
  return [path, await format(content, { ...options, filepath: path })]
}
