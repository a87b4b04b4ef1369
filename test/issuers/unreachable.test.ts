import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { request } from 'undici'
import { unreachable } from '../../src/issuers/unreachable.ts'
import { loopbackServer } from '../support/loopback-server.ts'

const target = { host: 'sts.eu-west-1.amazonaws.com', setting: 'aws.endpoints.sts' }

function coded(code: string, message = 'secret words'): Error {
  return Object.assign(new Error(message), { code })
}

describe('a request without an answer', () => {
  test.each([
    ['ENOTFOUND', /can not be resolved/],
    ['EAI_AGAIN', /can not be resolved/],
    ['ECONNREFUSED', /nothing there takes the connection.*HTTPS_PROXY/],
    ['EHOSTUNREACH', /nothing there/],
    ['ECONNRESET', /broke off/],
    ['UND_ERR_SOCKET', /broke off/],
    ['ETIMEDOUT', /in time/],
    ['UND_ERR_CONNECT_TIMEOUT', /in time/],
    ['UND_ERR_HEADERS_TIMEOUT', /in time/],
    ['UND_ERR_BODY_TIMEOUT', /in time/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /authority.*extra CA/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /authority.*extra CA/],
    ['CERT_HAS_EXPIRED', /TLS.*clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /TLS/],
    ['ERR_PROXY_TUNNEL', /proxy.*HTTPS_PROXY/],
  ])('is explained by %s, with host and setting and nothing else', (code, words) => {
    const error = unreachable(coded(code), target)
    expect(error?.message).toMatch(words)
    expect(error?.message).toContain('sts.eu-west-1.amazonaws.com')
    expect(error?.message).toContain('aws.endpoints.sts')
    expect(JSON.stringify([error, error?.message, error?.detail])).not.toContain('secret words')
  })

  test('is explained by what lies within: causes, and the addresses that were tried', () => {
    const both = new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')])
    expect(unreachable(new Error('fetch failed', { cause: both }), target)?.message).toMatch(
      /nothing/,
    )
  })

  test('is explained by the code rather than the name', () => {
    const reset = coded('ECONNRESET')
    reset.name = 'TimeoutError'
    expect(unreachable(reset, target)?.message).toMatch(/broke off/)
  })

  test('is explained by the signal that ended it', async () => {
    const signal = AbortSignal.timeout(1)
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve)
    })
    expect(unreachable(signal.reason, target)?.message).toMatch(/in time/)
  })

  test('is left to others when it was something else', () => {
    expect(unreachable(new TypeError('x is not a function'), target)).toBeUndefined()
    expect(unreachable('text', target)).toBeUndefined()
  })

  test('ends in finite time on causes that go round', () => {
    const round = new Error('round')
    round.cause = round
    expect(unreachable(round, target)).toBeUndefined()
  })

  test('is a TLS matter when the other side speaks no TLS', async () => {
    const { origin } = await loopbackServer((response) => response.end('plain'))
    const error = await request(origin.replace('http:', 'https:')).catch((e: unknown) => e)
    expect(unreachable(error, target)?.message).toMatch(/TLS/)
  })

  test('is no connection where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    await new Promise((resolve) => server.close(resolve))
    const error = await request(`http://127.0.0.1:${port ?? 9}`).catch((e: unknown) => e)
    expect(unreachable(error, target)?.message).toMatch(/nothing there/)
  })
})
