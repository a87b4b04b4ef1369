import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runAdmin } from '../../src/admin/command-line.ts'
import { capturedIo } from './captured-io.ts'

describe('postern-server', () => {
  test.each(['help', '--help', '-h'])('lists its commands at %s', async (word) => {
    const { io, text } = capturedIo()
    expect(await runAdmin([word], io, {})).toBe(0)
    for (const command of ['check-config', 'explain', 'hash-password', 'audit', 'version'])
      expect(text()).toContain(`  ${command} `)
  })

  test.each(['version', '--version', '-v'])('prints its version at %s', async (word) => {
    const { io, out } = capturedIo()
    const manifest: unknown = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(await runAdmin([word], io, {})).toBe(0)
    expect(manifest).toMatchObject({ version: out[0] })
  })

  test.each([
    ['chek-config', 'Perhaps check-config?'],
    ['constructor', 'no command constructor'],
    ['__proto__', 'no command __proto__'],
  ])('refuses the word %s', async (word, said) => {
    const { io, errors } = capturedIo()
    expect(await runAdmin([word], io, {})).toBe(2)
    expect(errors()).toContain(said)
  })

  test.each(['check-config', 'explain', 'hash-password', 'audit'])(
    'explains %s, without a configuration',
    async (command) => {
      const { io, text } = capturedIo()
      expect(await runAdmin([command, '--help'], io, {})).toBe(0)
      expect(text()).toContain(`postern-server ${command}`)
    },
  )

  test.each(['check-config', 'explain', 'hash-password', 'audit'])(
    'refuses a flag that %s does not know',
    async (command) => {
      const { io, errors } = capturedIo()
      expect(await runAdmin([command, '--bogus'], io, {})).toBe(2)
      expect(errors()).toContain(`Usage: postern-server ${command}`)
    },
  )

  test.each([
    ['check-config'],
    ['explain', '--user', 'bob'],
    ['audit', 'verify'],
    ['audit', 'verify', '--config', ''],
  ])('%s says what it lacks without a configuration', async (...argv) => {
    const { io, errors } = capturedIo()
    expect(await runAdmin(argv, io, {})).toBe(1)
    expect(errors()).toMatch(/POSTERN_CONFIG/)
  })
})
