import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { AwsUnavailable } from '../../src/errors.ts'
import { createLogger, type Logger } from '../../src/telemetry/logger.ts'

const secret = 'wJalrXUtnFEMI-K7MDENG-bPxRfiCY'

/** A log that is read back: all of it as text, and each line as an object. */
class LogBook {
  text = ''
  readonly logger: Logger = createLogger(
    { level: 'debug' },
    { write: (line: string) => void (this.text += line) },
  )

  lines(): unknown[] {
    return this.text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line))
  }
}

function logged(facts: object, words?: string): LogBook {
  const book = new LogBook()
  book.logger.info(facts, words)
  return book
}

function said(words: string, ...values: readonly unknown[]): LogBook {
  const book = new LogBook()
  // Like a caller without types, whose format and values need not fit.
  Reflect.apply(book.logger.info, book.logger, [words, ...values])
  return book
}

const names = [
  'secretAccessKey',
  'SecretAccessKey',
  'secret_access_key',
  'AWS_SECRET_ACCESS_KEY',
  'sessionToken',
  'SESSION-TOKEN',
  'x-amz-security-token',
  'password',
  'passWord',
  'newPassword',
  'passphrase',
  'Cookie',
  'set-cookie',
  'AUTHORIZATION',
  'Proxy-Authorization',
  'SAMLResponse',
  'samlResponse',
  'SigninToken',
  'signin_token',
  'Session',
  'sessionId',
  'privateKey',
  'private_key',
  'csrfToken',
  'clientSecret',
  'code_verifier',
  'relayState',
  'sealed',
  'signInUrl',
]

const key = generateKeyPairSync('ed25519').privateKey

describe('the log', () => {
  test.each(names)('tells nothing of what is called %s, wherever it stands', (name) => {
    const planted: readonly object[] = [
      { [name]: secret },
      { [name]: { inside: secret } },
      { [name]: [secret] },
      { a: { b: { c: { d: { [name]: secret } } } } },
      { list: [{ [name]: secret }, [[{ [name]: secret }]]] },
      { headers: new Headers({ [name]: secret }) },
      { map: new Map([[name, secret]]) },
      { rawHeaders: ['Host', 'x', name, secret] },
      { pairs: [[name, secret]] },
      { err: Object.assign(new Error('x'), { [name]: secret }) },
      { err: new Error('x', { cause: { [name]: secret } }) },
      new AggregateError([Object.assign(new Error('x'), { [name]: secret })], 'several'),
      new AwsUnavailable('x', { detail: 'y', cause: { [name]: secret } }),
    ]
    for (const facts of planted) {
      const { text } = logged(facts, 'a sentence')
      expect(text).not.toContain(secret)
      expect(text).toContain('[redacted]')
    }
  })

  // In free text these three stand for things that are no secret.
  test.each(names.filter((name) => !['sealed', 'signInUrl', 'sessionId'].includes(name)))(
    'tells nothing of what an error says of %s',
    (name) => {
      const planted: readonly object[] = [
        new Error(`${name}=${secret}`),
        { err: new Error(`{"${name}":"${secret}"}`) },
        { err: new Error('x', { cause: new Error(`{"${name}": "${secret}"}`) }) },
        new AwsUnavailable('x', { detail: `https://x/?${name}=${secret}` }),
        { list: [`a=1&${name}=${secret}`] },
      ]
      for (const facts of planted) {
        const { text } = logged(facts)
        expect(text).not.toContain(secret)
        expect(text).toContain('[redacted]')
      }
    },
  )

  test('tells no secret of a sentence, however it came in', () => {
    const books = [
      said(`https://x/?SigninToken=${secret}`),
      said('password=%s', secret),
      said('%s: %s', 'authorization', secret),
      said('%j', { password: secret }),
      said('%o', new Error(`SigninToken=${secret}`)),
      logged({ a: 1 }, `SessionToken: ${secret}`),
      logged({ url: new URL(`https://x/?SAMLResponse=${secret}`) }),
      logged({ query: new URLSearchParams({ SigninToken: secret }) }),
      logged({ [`SigninToken=${secret}`]: 1 }),
    ]
    for (const { text } of books) {
      expect(text).not.toContain(secret)
      expect(text).toContain('[redacted]')
    }
  })

  test('tells nothing of keys and bytes', () => {
    const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString()
    const { text } = logged(
      {
        key,
        other: createSecretKey(Buffer.from(secret)),
        bytes: Buffer.from(secret),
        pem,
        note: `see ${pem}`,
      },
      'keys',
    )
    expect(text).not.toContain('BEGIN')
    expect(text).not.toContain(Buffer.from(secret).toString('hex'))
    expect(text).not.toContain(secret)
    expect(text).toContain(`[${secret.length} bytes]`)
  })

  test('keeps what an operator needs: facts, errors with codes and causes, stacks', () => {
    const error = new AwsUnavailable('AWS did not answer.', {
      detail: 'AssumeRole: time-out',
      cause: new Error('connect ETIMEDOUT'),
    })
    const [line] = logged(
      { requestId: 'r-1', role: 'arn:aws:iam::111111111111:role/R', err: error },
      'no',
    ).lines()
    expect(line).toMatchObject({
      level: 'info',
      msg: 'no',
      requestId: 'r-1',
      role: 'arn:aws:iam::111111111111:role/R',
      err: {
        type: 'AwsUnavailable',
        message: 'AWS did not answer.',
        code: 'temporarily_unavailable',
        status: 503,
        detail: 'AssumeRole: time-out',
        cause: { type: 'Error', message: 'connect ETIMEDOUT' },
        stack: expect.stringContaining('logger.test.ts') as string,
      },
    })
  })

  test('takes an error alone, and gives its message as the sentence', () => {
    expect(logged(new RangeError('too far')).lines()).toMatchObject([
      { msg: 'too far', err: { type: 'RangeError', message: 'too far' } },
    ])
  })

  test('survives whatever it is given', () => {
    const circular: Record<string, unknown> = { name: 'round' }
    circular['self'] = circular
    const hostile = Object.defineProperty({}, 'trap', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    let deep: object = { bottom: secret }
    for (let depth = 0; depth < 10_000; depth++) deep = { deep }
    const book = new LogBook()
    const everything = {
      circular,
      hostile,
      deep,
      big: 5n,
      date: new Date(Number.NaN),
      none: undefined,
    }
    book.logger.warn(everything, 'odd')
    book.logger.error({
      wide: Object.fromEntries(Array.from({ length: 9_999 }, (_, n) => [`k${n}`, n])),
    })
    book.logger.debug({
      long: 'x'.repeat(1_000_000),
      list: Array.from({ length: 99_999 }, () => ({ a: 1 })),
    })
    book.logger.info('100% of %s', 'it')
    expect(book.lines()).toHaveLength(4)
    expect(book.text.length).toBeLessThan(40_000)
    expect(book.lines()[0]).toMatchObject({
      circular: { name: 'round', self: '[circular]' },
      hostile: '[unreadable]',
      big: '5',
    })
  })

  test('a name that a visitor chose can’t reach the prototype', () => {
    const facts: unknown = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}')
    const [line] = logged({ facts }).lines()
    expect(JSON.stringify(line)).toContain('"a":1')
    expect({}).not.toHaveProperty('polluted')
  })

  test('writes nothing below its level', () => {
    let text = ''
    const logger = createLogger({ level: 'warn' }, { write: (line: string) => void (text += line) })
    logger.info('quiet')
    logger.warn('loud')
    expect(text).toMatch(/^\{"level":"warn".*"msg":"loud"\}\n$/)
  })
})
