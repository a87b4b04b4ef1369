import { describe, expect, test } from 'vitest'
import { AwsRefused, AwsUnavailable } from '../../src/errors.ts'
import { everythingIn } from '../support/everything-in.ts'
import type { Answer } from '../support/loopback-server.ts'
import { rejectionOf } from '../support/rejection-of.ts'
import {
  answers,
  consoleOrder,
  consoleSignInOn,
  gives,
  sessionToken,
} from './console-sign-in-on.ts'

describe('an answer that is none', () => {
  test.each<[string, Answer]>([
    ['HTML with status 200', answers(200, `<html>${sessionToken}</html>`)],
    ['half an answer', answers(200, '{"SigninToken":"abc')],
    ['another JSON', answers(200, '{"token":"x"}')],
    ['null', answers(200, 'null')],
    ['no text', gives(42)],
    ['an empty token', gives('')],
    ['a token with a line break', gives('a\nb')],
    ['a token with a space', gives('a b')],
    ['a token beyond measure', gives('x'.repeat(70_000))],
    ['a megabyte', answers(200, ' '.repeat(1 << 20) + '{"SigninToken":"abc"}')],
    ['nothing', answers(200, '')],
    ['status 201', answers(201, '{"SigninToken":"abc"}')],
    ['status 403', answers(403, '{"SigninToken":"abc"}')],
    ['status 404', answers(404, 'no')],
  ])('is refused: %s', async (_name, answer) => {
    const { open, received } = await consoleSignInOn([answer])
    const error = await rejectionOf(open(consoleOrder()), AwsUnavailable)
    expect(everythingIn(error)).not.toContain('SECRET')
    expect(received).toHaveLength(1)
  })

  test('is not quoted when it repeats a secret', async () => {
    const echo: Answer = (response, { body }) =>
      response.writeHead(400).end(new URLSearchParams(body).get('Session'))
    const { open } = await consoleSignInOn([echo])
    const error = await rejectionOf(open(consoleOrder()), AwsRefused)
    expect(everythingIn(error)).not.toContain('SECRET')
  })

  test.each([429, 500, 503])('with status %i is asked for once more', async (status) => {
    const { open, received, effects } = await consoleSignInOn([answers(status, 'busy'), gives()])
    await expect(open(consoleOrder())).resolves.toMatchObject({ consoleSeconds: 3600 })
    expect(received).toHaveLength(2)
    expect(effects.pauses).toHaveLength(1)
  })

  test('that stays away twice is the end', async () => {
    const { open, received } = await consoleSignInOn([answers(503, 'busy')])
    await expect(open(consoleOrder())).rejects.toThrow(AwsUnavailable)
    expect(received).toHaveLength(2)
  })

  test('is a matter of bounded time, before the head and within the body', async () => {
    const silent: Answer = () => undefined
    const slow: Answer = (response) => {
      response.writeHead(200)
      response.write('{')
    }
    const dribble: Answer = (response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => {
        clearInterval(timer)
      })
    }
    for (const answer of [silent, slow, dribble]) {
      const timeouts = { answer: 200, total: 500 }
      const { open, received } = await consoleSignInOn([answer], { timeouts })
      const started = performance.now()
      const error = await rejectionOf(open(consoleOrder()), AwsUnavailable)
      expect(performance.now() - started).toBeLessThan(4000)
      expect(error).toHaveProperty('message', expect.stringContaining('in time'))
      expect(received).toHaveLength(1)
    }
  })

  test('is a broken connection, told with host and setting, and not asked for again', async () => {
    const { open, received, origin } = await consoleSignInOn([(response) => response.destroy()])
    const error = await rejectionOf(open(consoleOrder()), AwsUnavailable)
    expect(error).toHaveProperty('message', expect.stringContaining(new URL(origin).host))
    expect(error).toHaveProperty('message', expect.stringContaining('aws.endpoints.federation'))
    expect(everythingIn(error)).not.toContain('SECRET')
    expect(received).toHaveLength(1)
  })
})
