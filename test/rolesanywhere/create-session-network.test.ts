import { Agent } from 'node:https'
import { Agent as HttpAgent, type ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { createSession } from '../../src/rolesanywhere/create-session.ts'
import { containing, having, matching } from '../keys/matchers.ts'
import { issue, keyPairs } from '../keys/test-certificates.ts'
import { askSession, sessionRequest, signer, stillEffects } from './asked-session.ts'
import { grant, serve } from './fake-roles-anywhere.ts'

describe('the network', () => {
  const dropped = (response: ServerResponse): void => {
    response.socket?.destroy()
  }

  test('that breaks off is tried again', async () => {
    const { value, arrived } = await askSession((response, one, count) => {
      if (count === 1) dropped(response)
      else grant(response, one, count)
    })
    expect(value?.requestId).toBe('request-1')
    expect(arrived).toHaveLength(2)
  })

  test('that breaks off in the middle of the answer is tried again', async () => {
    const { value } = await askSession((response, one, count) => {
      if (count > 1) grant(response, one, count)
      else {
        response.writeHead(201, { 'content-length': 1000 })
        response.write('{"credentialSet"', () => {
          dropped(response)
        })
      }
    })
    expect(value?.requestId).toBe('request-1')
  })

  test('that does not answer in time is tried again, and then named', async () => {
    const { error, arrived } = await askSession(() => undefined, {
      options: { attemptTimeout: 60 },
    })
    expect(error).toEqual(
      having({ code: 'temporarily_unavailable', message: containing('within 0.06 seconds') }),
    )
    expect(arrived).toHaveLength(3)
  })

  test('that trickles its answer is cut off in time', async () => {
    const timers: NodeJS.Timeout[] = []
    const { error } = await askSession(
      (response) => {
        response.writeHead(201)
        timers.push(setInterval(() => response.write(' '), 10))
      },
      { options: { attemptTimeout: 80, maxAttempts: 1 } },
    )
    timers.forEach((timer) => {
      clearInterval(timer)
    })
    expect(error).toEqual(having({ message: containing('within 0.08 seconds') }))
  })

  test('that answers without end is cut off', async () => {
    const { error, arrived } = await askSession((response) => {
      response.writeHead(201)
      response.end(Buffer.alloc(300 * 1024, 0x20))
    })
    expect(error).toEqual(having({ detail: containing('larger than') }))
    expect(arrived).toHaveLength(1)
  })

  test('that refuses the connection is tried again, and then named', async () => {
    const endpoint = await (async () => {
      await using server = await serve(grant)
      return server.endpoint
    })()
    const { error, pauses } = await askSession(grant, { options: { endpoint } })
    expect(error).toEqual(
      having({ code: 'temporarily_unavailable', message: containing('could not be reached') }),
    )
    expect(pauses).toHaveLength(2)
  })

  test('that does not know the host is not tried again', async () => {
    const httpAgent = new HttpAgent({
      lookup: (host, _, done) => {
        done(
          Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }),
          '',
          4,
        )
      },
    })
    const { error, pauses } = await askSession(grant, {
      options: { endpoint: 'http://nowhere.test', agents: { httpAgent } },
    })
    expect(error).toEqual(having({ message: containing('There is no host nowhere.test') }))
    expect(pauses).toEqual([])
  })

  test('can be given up at any time', async () => {
    const abort = new AbortController()
    const { error, arrived } = await askSession(
      () => {
        abort.abort(new Error('enough'))
      },
      { options: { signal: abort.signal } },
    )
    expect(error).toEqual(new Error('enough'))
    expect(arrived).toHaveLength(1)
  })
})

describe('over TLS', () => {
  const server = issue({ commonName: '127.0.0.1', keys: keyPairs.p256() })
  const tls = { key: server.keyPem, cert: server.certificatePem }

  test('a server whose certificate is not trusted learns nothing', async () => {
    await using listening = await serve(grant, tls)
    const { effects, seen } = stillEffects()
    const asking = createSession(sessionRequest, () => signer, {
      effects,
      endpoint: listening.endpoint,
    })
    await expect(asking).rejects.toEqual(having({ message: matching(/not trusted/) }))
    expect(listening.arrived).toHaveLength(0)
    expect(seen.pauses).toEqual([])
  })

  test('the agent brings the trust', async () => {
    await using listening = await serve(grant, tls)
    const { effects } = stillEffects()
    const httpsAgent = new Agent({
      ca: server.certificatePem,
      checkServerIdentity: () => undefined,
    })
    const got = await createSession(sessionRequest, () => signer, {
      effects,
      endpoint: listening.endpoint,
      agents: { httpsAgent },
    })
    expect(got.requestId).toBe('request-1')
    httpsAgent.destroy()
  })
})
