import { describe, expect, test } from 'vitest'
import { parseYaml } from '../../src/config/yaml.ts'

describe('YAML that is none', () => {
  test.each([
    ['a key twice', 'a: 1\nb: 2\na: 3\n', 3, /stands there twice/],
    ['a tab as indentation', 'a:\n\tb: 1\n', 2, /tab as indentation/],
    ['an open quote', 'a: 1\nb: "hunter2\n', 3, /quote, bracket or comma/],
    ['an open bracket', 'a: [1, 2\n', 2, /./],
    ['a tag', 'a: !!binary aGVsbG8=\n', 1, /a tag/],
    ['a tag of somebody’s own', 'a: !js/function "x"\n', 1, /a tag/],
    ['two documents', 'a: 1\n---\nb: 2\n', 2, /several documents/],
    ['an alias to nowhere', 'a: *hunter2\n', undefined, /alias/],
    ['a mapping as a key', '? { a: 1 }\n: 2\n', 1, /./],
  ])('is told with its line: %s', (_, text, line, found) => {
    const { faults } = parseYaml(text)
    expect(faults[0]?.line).toBe(line)
    expect(faults[0]?.found).toMatch(found)
    expect(JSON.stringify(faults)).not.toContain('hunter2')
  })

  test('is refused when its aliases multiply', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const before = level === 0 ? '"x"' : `*a${level - 1}`
      return `a${level}: &a${level} [${Array.from({ length: 9 }, () => before).join(', ')}]`
    })
    const before = performance.now()
    expect(parseYaml(levels.join('\n')).faults[0]?.found).toMatch(/aliases that multiply/)
    expect(performance.now() - before).toBeLessThan(1_000)
  })

  test('is refused when it nests too deep', () => {
    const { faults } = parseYaml(`a: ${'['.repeat(200_000)}`)
    expect(faults.length).toBeGreaterThan(0)
  })
})

describe('YAML that is some', () => {
  test('gives each path its line', () => {
    const { lineOf } = parseYaml('a:\n  - b: 1\n    c: 2\n  - d\n')
    expect(lineOf(['a'])).toBe(1)
    expect(lineOf(['a', 0, 'c'])).toBe(3)
    expect(lineOf(['a', 1])).toBe(4)
    expect(lineOf(['a', 1, 'nothing'])).toBe(4)
    expect(lineOf(['x'])).toBeUndefined()
  })

  test('keeps keys as text and knows no yes and no', () => {
    const { data } = parseYaml('012345678901: yes\ntrue: no\n')
    expect(data).toEqual({ '012345678901': 'yes', true: 'no' })
  })

  test('takes an alias that stands for its anchor', () => {
    const { data } = parseYaml('a: &x { b: 1 }\nc: *x\n')
    expect(data).toEqual({ a: { b: 1 }, c: { b: 1 } })
  })
})
