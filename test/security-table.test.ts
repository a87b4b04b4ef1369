import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const text = readFileSync('SECURITY.md', 'utf8')
const link = /\[[^\]]+\]\((test\/[^)]+)\)(?:: (“[^”]+”(?:, “[^”]+”)*))?/g

/** Every test file that is linked, with the tests of it that are named. */
const held = [...text.matchAll(link)].map(([, file = '', names = '']) => ({
  file,
  names: [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => name),
}))

describe('the tables of attacks', () => {
  test('name files that are there', () => {
    expect(held.length).toBeGreaterThan(80)
    expect(held.filter(({ file }) => !existsSync(file))).toEqual([])
  })

  test.each(held.filter(({ names }) => names.length > 0))('name tests of $file', (one) => {
    const source = readFileSync(one.file, 'utf8')
    expect(one.names.filter((name) => !source.includes(`'${name}'`))).toEqual([])
  })

  test.each(['the company’s directory', 'Kerberos', 'client certificate'])(
    'name a test for each attack on sign-in by %s',
    (method) => {
      const [, section = ''] = text.replaceAll("'", '’').split(`### Sign-in by ${method}\n`)
      const [table = ''] = section.split('\n#')
      const rows = table.split('\n').filter((line) => line.startsWith('| '))
      expect(rows.length).toBeGreaterThan(6)
      const unheld = rows.slice(2).filter((row) => !/\(test\/[^)]+\): “/.test(row))
      expect(unheld).toEqual([])
    },
  )
})
