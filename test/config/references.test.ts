import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../src/config/load-config.ts'
import { readFile } from '../../src/config/read-file.ts'
import { base, faultLines, load } from './configuration.ts'

const file = (content: string | Buffer) => ({ files: { secret: content } })

describe('a reference', () => {
  test('to a variable stands for text, numbers and flags', () => {
    const config = load(
      {
        ...base,
        listen: { port: '${env:PORT}' },
        audit: { key: '${env:KEY}', stdout: '${env:STDOUT}' },
        signIn: [{ ...base.signIn[0], label: '${env:LABEL}' }],
        sessions: { idle: '${env:IDLE}' },
        log: { level: '${env:LEVEL}' },
      },
      {
        env: {
          PORT: '3000',
          KEY: 'k'.repeat(32),
          STDOUT: 'true',
          LABEL: '123',
          IDLE: '10m',
          LEVEL: 'warn',
        },
      },
    )
    expect(config.listen.port).toBe(3000)
    expect(config.audit.key.reveal()).toBe('k'.repeat(32))
    expect(config.audit.stdout).toBe(true)
    expect(config.signIn[0]?.label).toBe('123')
    expect(config.sessions.idleSeconds).toBe(600)
    expect(config.log.level).toBe('warn')
  })

  test.each([
    ['\n', 'one line end'],
    ['\r\n', 'one line end of Windows'],
    ['', 'nothing'],
  ])('to a file leaves out %j at its end: %s', (end) => {
    const { audit } = load(
      { ...base, audit: { key: '${file:secret}' } },
      file(`${'k'.repeat(32)}${end}`),
    )
    expect(audit.key.reveal()).toBe('k'.repeat(32))
  })

  test('to a file starts at the configuration file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-config-'))
    onTestFinished(() => {
      rmSync(folder, { recursive: true })
    })
    mkdirSync(join(folder, 'keys'))
    writeFileSync(join(folder, 'keys', 'audit'), 'k'.repeat(32))
    writeFileSync(
      join(folder, 'postern.yaml'),
      JSON.stringify({ ...base, audit: { key: '${file:keys/audit}' } }),
    )
    const config = loadConfig(join(folder, 'postern.yaml'), {})
    expect(config.audit.key.reveal()).toBe('k'.repeat(32))
    expect(config.state).toBe(`sqlite:${folder}/data/postern.db`)
  })

  test.each([
    [
      'a variable that is not set',
      '${env:NOPE}',
      'found ${env:NOPE}, and that variable is not set; expected the variable NOPE in the environment of postern-server',
    ],
    ['a variable that is empty', '${env:EMPTY}', 'is empty'],
    ['a variable that every object has', '${env:constructor}', 'is not set'],
    [
      'a file that is not there',
      '${file:nope}',
      'found ${file:nope}, and /etc/postern/nope does not exist; expected a readable UTF-8 file of at most 1048576 bytes',
    ],
    ['a file that is empty', '${file:empty}', 'is empty'],
    ['a file that is no UTF-8', '${file:binary}', 'is not UTF-8'],
    ['a file that is too large', '${file:large}', 'larger than'],
    ['other text around it', 'key-${env:KEY}', 'the whole value'],
    ['another one in it', '${env:${env:KEY}}', 'the whole value'],
    ['no name', '${env:}', 'the whole value'],
  ])('is one fault when it has %s', (_, key, expected) => {
    const lines = faultLines(
      { ...base, audit: { key } },
      {
        env: { EMPTY: '', KEY: 'hunter2' },
        files: {
          empty: '',
          binary: Buffer.from([0xff, 0xfe]),
          large: Buffer.alloc(1024 * 1024 + 1),
        },
      },
    )
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^audit\.key \(line \d+\)/)
    expect(lines[0]).toContain(expected)
    expect(lines[0]).not.toContain('hunter2')
  })

  test('of another form is a fault where text is meant', () => {
    expect(faultLines({ ...base, banner: '${NAME}' })).toEqual([
      expect.stringMatching(
        /^banner .* expected \$\{env:NAME\} or \$\{file:path\} where a reference is meant$/,
      ),
    ])
  })

  test('can’t stand for a mapping or a list', () => {
    const lines = faultLines(
      { ...base, sessions: '${file:secret}', grants: '${file:secret}' },
      file('{"idle": "10m"}'),
    )
    expect(lines).toEqual([
      expect.stringMatching(/^grants .*found \$\{file:secret\}; expected a list$/),
      expect.stringMatching(/^sessions .*found \$\{file:secret\}; expected a mapping$/),
    ])
  })

  test('that leads to a value that does not fit shows itself and not the value', () => {
    const lines = faultLines(
      { ...base, listen: { port: '${env:PORT}' } },
      { env: { PORT: 'hunter2' } },
    )
    expect(lines).toEqual([
      'listen.port (line 3): found ${env:PORT}; expected a whole number from 0 to 65535',
    ])
  })

  test('is not followed a second time in what it leads to', () => {
    const { audit } = load(
      { ...base, audit: { key: '${env:KEY}' } },
      { env: { KEY: '${file:/etc/shadow}/${env:KEY}/padding-padding' } },
    )
    expect(audit.key.reveal()).toContain('${file:/etc/shadow}')
  })
})

describe('reading a file', () => {
  test('refuses what is no file, so that a device can’t hold the start up', () => {
    expect(() => readFile('/dev/zero', 10)).toThrow(/not a regular file/)
    expect(() => readFile(tmpdir(), 10)).toThrow(/EISDIR|not a regular file/)
  })
})
