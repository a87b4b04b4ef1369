import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { AwsUnavailable } from '../../src/errors.ts'
import type { HeldSession } from '../../src/cli/held-session.ts'
import { CredentialKeeper } from '../../src/cli/serve/credential-keeper.ts'
import { containerEndpoint } from '../../src/cli/serve/container-endpoint.ts'
import { metadataService } from '../../src/cli/serve/metadata-service.ts'
import { MetadataTokens } from '../../src/cli/serve/metadata-tokens.ts'
import { ask, roles, tokenOf } from './ask-service.ts'
import { heldSurroundings } from './held-surroundings.ts'

async function loopback(answer: RequestListener): Promise<{ url: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}` }
}

describe('the keeper', () => {
  const start = Date.parse('2026-12-01T12:00:00Z')
  const session = (id: string, minutes: number, obtained = start): HeldSession => ({
    accessKeyId: id,
    secretAccessKey: 's',
    sessionToken: 't',
    expiration: new Date(obtained + minutes * 60_000).toISOString(),
    obtained,
    certificateEnds: 0,
  })

  function held(renew: (held?: HeldSession) => HeldSession) {
    const clock = { now: start, asked: 0 }
    const base = heldSurroundings()
    const surroundings = heldSurroundings({
      effects: { ...base.effects, now: () => new Date(clock.now) },
    })
    const keeper = new CredentialKeeper((before) => {
      clock.asked += 1
      return new Promise((resolve) => {
        resolve(renew(before))
      })
    }, surroundings)
    return { clock, keeper, said: surroundings.said }
  }

  test('keeps the last good ones while they last, then has none; and asks at most twice a minute', async () => {
    let down = false
    const { clock, keeper, said } = held(() => {
      if (down) throw new AwsUnavailable('AWS does not answer.')
      return session('first', 60)
    })
    await keeper.start()
    down = true
    clock.now = start + 45 * 60_000
    for (let times = 0; times < 20; times += 1) {
      expect((await keeper.get())?.accessKeyId).toBe('first')
    }
    expect(clock.asked).toBe(2)
    expect(said.err).toContain('AWS does not answer.')
    clock.now = start + 61 * 60_000
    expect(await keeper.get()).toBeUndefined()
    expect(clock.asked).toBe(3)
  })

  test('has its service answer 500 then, and never 200 without credentials', async () => {
    const { clock, keeper } = held(() => {
      if (clock.asked > 1) throw new AwsUnavailable('AWS does not answer.')
      return session('first', 60)
    })
    await keeper.start()
    const { effects } = heldSurroundings()
    const answers = [
      [metadataService('ReadOnly', keeper, effects), `${roles}/ReadOnly`],
      [containerEndpoint('a-token-of-my-own', keeper), '/credentials'],
    ] as const
    for (const [answer, path] of answers) {
      clock.now = start
      const { url } = await loopback(answer)
      const headers = { authorization: 'a-token-of-my-own', ...(await tokenOf(url)) }
      expect((await ask(url + path, 'GET', headers)).status).toBe(200)
      clock.now = start + 61 * 60_000
      const none = await ask(url + path, 'GET', headers)
      expect([none.status, none.body.includes('first')]).toEqual([500, false])
    }
  })

  test('asks once for all that wait', async () => {
    const { clock, keeper } = held(() => session(`s${clock.asked}`, 60, clock.now))
    await keeper.start()
    clock.now += 50 * 60_000
    const all = await Promise.all(Array.from({ length: 50 }, () => keeper.get()))
    expect(new Set(all.map((one) => one?.accessKeyId))).toEqual(new Set(['s2']))
    expect(clock.asked).toBe(2)
  })
})

describe('the tokens', () => {
  test('are at most 256, and the one that ends first makes room', () => {
    const clock = { now: 0 }
    const base = heldSurroundings()
    const tokens = new MetadataTokens({ ...base.effects, now: () => new Date(clock.now) })
    const short = tokens.issue('10')?.token ?? ''
    const long = Array.from({ length: 300 }, () => tokens.issue('21600')?.token ?? '')
    expect(tokens.size).toBe(256)
    expect(tokens.secondsLeft(short)).toBeUndefined()
    expect(tokens.secondsLeft(long.at(-1) ?? '')).toBe(21_600)
    clock.now = 21_600_000
    expect(tokens.secondsLeft(long.at(-1) ?? '')).toBeUndefined()
    tokens.issue('1')
    expect(tokens.size).toBe(1)
  })
})
