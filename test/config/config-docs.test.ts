import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { configDocs } from '../../scripts/config-docs/files.ts'
import { environmentVariables } from '../../src/config/env.ts'
import { configurationJsonSchema, schemasAt } from '../../src/config/json-schema.ts'
import { issue } from '../keys/test-certificates.ts'
import { base, faultLines, load } from './configuration.ts'

const read = (path: string): string => readFileSync(path, 'utf8')

describe('what is made from the schema', () => {
  test('is committed as it is made; otherwise run npm run docs:config', async () => {
    const made = [...(await configDocs(read))]
    expect(made).not.toEqual([])
    for (const [path, content] of made) expect(read(path), path).toBe(content)
  })

  test('describes every setting', () => {
    const undescribed: string[] = []
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return
      for (const [key, child] of Object.entries(value)) walk(child, `${path}/${key}`)
      const isSetting = /\/properties\/[^/]+$/.test(path) && !path.endsWith('/properties/type')
      if (isSetting && !('description' in value)) undescribed.push(path)
    }
    walk(configurationJsonSchema(), '')
    expect(undescribed).toEqual([])
  })
})

describe('the example file', () => {
  const example = read('examples/postern.yaml')

  test('loads without faults as it stands', () => {
    const config = load(example)
    expect(config.roles.size).toBe(2)
    expect(config.grants.map(({ grantee }) => grantee.kind)).toEqual([
      'group',
      'user',
      'group-pattern',
    ])
  })

  test('loads without faults with every # removed', () => {
    const whole = example.replace(/^(\s*)#(?! \S)/gm, '$1')
    const { certificatePem: cert, keyPem } = issue()
    const files = {
      'tls/certificate.pem': cert,
      'tls/key.pem': keyPem,
      'corp-ca.pem': cert,
      'policies/read-only.json': '{"Statement":[]}',
    }
    expect(faultLines(whole, { files })).toEqual([])
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(parse(whole)))).toEqual(
      Object.keys(configurationJsonSchema().properties ?? {}),
    )
  })
})

describe('.env.example', () => {
  const listed = [...read('.env.example').matchAll(/^#([A-Z][A-Z\d_]*)=/gm)].map(([, name]) => name)

  test('lists what env.ts lists', () => {
    expect(listed).toEqual(expect.arrayContaining(environmentVariables.map(({ name }) => name)))
  })

  test('lists every variable that the server and its starter read by name', () => {
    const sources = ['src', 'scripts'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        // The command line's own stand in docs/command-line.md.
        .filter((name) => name.endsWith('.ts') && !/node_modules|^cli\//.test(name))
        .map((name) => read(join(folder, name))),
    )
    const used = sources.flatMap((source) =>
      [...source.matchAll(/\benv(?:\[|\.)'?([A-Z][A-Z_]+)\b|\bport\('(\w+)'/g)].map(
        ([, name, port]) => name ?? port,
      ),
    )
    expect(used).toContain('POSTERN_CONFIG')
    expect(listed).toEqual(expect.arrayContaining(used))
  })

  test('shows no secret', () => {
    const secret = environmentVariables.filter(({ name }) => /KEY|TOKEN/.test(name))
    expect(secret.map(({ example }) => example)).toEqual(secret.map(() => undefined))
  })
})

describe('the JSON Schema', () => {
  const schema = configurationJsonSchema()

  test('needs what the configuration needs', () => {
    const needed = Object.keys(base).filter((key) => key !== 'roles' && key !== 'grants')
    expect(schema.required).toEqual(expect.arrayContaining(needed))
    expect(schema.required).toHaveLength(needed.length)
  })

  test('marks secrets, and lets nothing but a reference stand for them', () => {
    const [key] = schemasAt(schema, ['audit', 'key'])
    expect(key?.writeOnly).toBe(true)
    expect(key?.pattern).toContain('env|file')
  })
})
