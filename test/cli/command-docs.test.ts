import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withCommands } from '../../scripts/config-docs/command-reference.ts'

test('the page of the command line has every command as it is; otherwise run npm run docs:commands', async () => {
  const page = readFileSync('docs/command-line.md', 'utf8')
  expect(page).toBe(await withCommands(page))
})
