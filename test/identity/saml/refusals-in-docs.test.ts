import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { refusals } from '../../../src/identity/saml/saml-refusal.ts'

test('the administrator’s page tells every refusal, in the words of the log', () => {
  const page = readFileSync(new URL('../../../docs/saml.md', import.meta.url), 'utf8')
  const told = new Map(
    [...page.matchAll(/^\| `(saml_\w+)` +\| (.*?) +\|$/gm)].map(([, code = '', why = '']) => [
      code,
      why,
    ]),
  )
  expect(Object.fromEntries(told)).toEqual(refusals)
})
