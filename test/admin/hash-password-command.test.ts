import { verify } from '@node-rs/argon2'
import { describe, expect, test } from 'vitest'
import { runAdmin } from '../../src/admin/command-line.ts'
import { base, faultPaths } from '../config/configuration.ts'
import { capturedIo, pipe, terminal } from './captured-io.ts'

const long = 'correct horse battery staple'

describe('hash-password from a pipe', () => {
  test.each([
    ['with a line end', `${long}\n`],
    ['with one of Windows', `${long}\r\n`],
    ['without one', long],
  ])('%s prints a line that the configuration takes', async (_, input) => {
    const { io, out, err } = capturedIo(pipe(input))
    expect(await runAdmin(['hash-password'], io, {})).toBe(0)
    const [line = ''] = out
    expect(line).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await verify(line, long)).toBe(true)
    expect(err).toEqual([])
    const users = [{ name: 'bob', passwordHash: line }]
    expect(faultPaths({ ...base, signIn: [{ ...base.signIn[0], users }] })).toEqual([])
  })

  test('keeps spaces and other letters, and letters that come in two pieces', async () => {
    const bytes = Buffer.from(' pässwörd mit Leerzeichen ')
    const { io, out } = capturedIo(pipe(bytes.subarray(0, 3), bytes.subarray(3)))
    expect(await runAdmin(['hash-password'], io, {})).toBe(0)
    expect(await verify(out[0] ?? '', ' pässwörd mit Leerzeichen ')).toBe(true)
  })

  test('advises more characters for a short one, and prints it all the same', async () => {
    const { io, out, errors } = capturedIo(pipe('bobpassword'))
    expect(await runAdmin(['hash-password'], io, {})).toBe(0)
    expect(out).toHaveLength(1)
    expect(errors()).toContain('15 characters')
  })

  test.each([
    ['nothing', ''],
    ['only a line end', '\n'],
    ['two lines', 'one\ntwo\n'],
    ['a NUL', 'one\u0000two'],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x61])],
    ['more than a password', 'x'.repeat(4097)],
  ])('refuses %s', async (_, input) => {
    const { io, out, err } = capturedIo(pipe(input))
    expect(await runAdmin(['hash-password'], io, {})).toBe(1)
    expect(out).toEqual([])
    expect(err).toHaveLength(1)
  })

  test('takes no password as an argument, and doesn’t repeat it', async () => {
    const { io, errors } = capturedIo(pipe(long))
    expect(await runAdmin(['hash-password', 'hunter2'], io, {})).toBe(2)
    expect(errors()).toContain('never an argument')
    expect(errors()).not.toContain('hunter2')
  })

  test('says that there is nothing to read from', async () => {
    const { io, errors } = capturedIo()
    expect(await runAdmin(['hash-password'], io, {})).toBe(1)
    expect(errors()).toContain('no standard input')
  })
})

describe('hash-password at a terminal', () => {
  async function at(...lines: (string | Buffer)[]) {
    const captured = capturedIo()
    const { stdin, modes } = terminal(...lines)
    const code = await runAdmin(['hash-password'], { ...captured.io, stdin }, {})
    return { code, modes, ...captured }
  }

  test('asks twice in raw mode, so that nothing is echoed, and gives the terminal back', async () => {
    const { code, modes, out, err } = await at(`${long}\r`, `${long}\r`)
    expect(code).toBe(0)
    expect(await verify(out[0] ?? '', long)).toBe(true)
    expect(modes).toEqual([true, false])
    expect(err).toEqual(['Password: ', 'Again: '])
  })

  test('erases a character and a line', async () => {
    const { out } = await at(`wrong\u0015${long}ü😀\u007f\b\r`, `${long}\n`)
    expect(await verify(out[0] ?? '', long)).toBe(true)
  })

  test('takes what comes in one piece, or in pieces of a letter', async () => {
    const whole = Buffer.from('pässwörd\rpässwörd\r')
    expect((await at(whole)).code).toBe(0)
    expect((await at(...Array.from(whole, (byte) => Buffer.of(byte)))).code).toBe(0)
  })

  test('refuses two that differ', async () => {
    const { code, out, errors } = await at(`${long}\r`, `${long}x\r`)
    expect(code).toBe(1)
    expect(out).toEqual([])
    expect(errors()).toContain('don’t match')
  })

  test.each(['\u0003', '\u0004'])('ends at %j and gives the terminal back', async (key) => {
    const { code, modes, out } = await at(`abc${key}`)
    expect(code).toBe(1)
    expect(out).toEqual([])
    expect(modes).toEqual([true, false])
  })

  test('ends when more is typed than any password has', async () => {
    const { code, modes } = await at('x'.repeat(5000))
    expect(code).toBe(1)
    expect(modes).toEqual([true, false])
  })
})
