import { describe, expect, test } from 'vitest'
import type { ConsoleOrder } from '../../src/console/console-sign-in.ts'
import {
  type ConsoleSignInOptions,
  createConsoleSignIn,
} from '../../src/console/federation-endpoint.ts'
import {
  AwsRefused,
  AwsUnavailable,
  InvalidDestination,
  InvalidDuration,
  InvalidRequest,
} from '../../src/errors.ts'
import { heldEffects } from '../support/held-effects.ts'
import { type Answer, loopbackServer, type Received } from '../support/loopback-server.ts'
import { silentLogger } from '../support/silent-logger.ts'

const now = new Date('2026-11-20T09:00:00Z')
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYSECRETKEY0'
const sessionToken = 'IQoJb3JpZ2luX2VjSECRETTOKEN//9Zk+H2vR4mXc8Lp0=='

function order(overrides: Partial<ConsoleOrder> = {}): ConsoleOrder {
  return {
    credentials: {
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      secretAccessKey,
      sessionToken,
      expiration: new Date('2026-11-20T10:00:00Z'),
    },
    partition: 'aws',
    region: undefined,
    destination: 'https://console.aws.amazon.com/s3/home?region=eu-west-1#x=1&y',
    sessionDurationSeconds: undefined,
    issuerUrl: 'https://aws.corp.example/?account=111111111111&role=ReadOnly',
    ...overrides,
  }
}

async function signInOn(answers: readonly Answer[], options: Partial<ConsoleSignInOptions> = {}) {
  const server = await loopbackServer(...answers)
  const effects = heldEffects(now)
  const consoleSignIn = createConsoleSignIn({
    endpoints: { federation: `${server.origin}/federation` },
    methodByPartition: {},
    logger: silentLogger,
    ...options,
    effects,
  })
  return {
    open: async (asked: ConsoleOrder) => consoleSignIn.open(asked),
    checkDestination: (...asked: Parameters<typeof consoleSignIn.checkDestination>) =>
      consoleSignIn.checkDestination(...asked),
    received: server.received,
    origin: server.origin,
    effects,
  }
}

const gives =
  (token: unknown = 'sign-in+token/=='): Answer =>
  (response) =>
    response.end(JSON.stringify({ SigninToken: token }))

const answers =
  (status: number, body: string): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'text/html' }).end(body)

const badRequest = answers(
  400,
  '<html><head><title>Error</title><style>p { color: red }</style></head><body><p>Invalid credentials parameter</p></body></html>',
)

function form({ body }: Received): URLSearchParams {
  return new URLSearchParams(body)
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  )
}

function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = Object.fromEntries(
    Object.getOwnPropertyNames(error).map((name) => [name, Reflect.get(error, name)]),
  )
  return `${JSON.stringify(own)} ${error.cause === undefined ? '' : everythingIn(error.cause)}`
}

describe('the request for a sign-in token', () => {
  test('is a POST whose address holds no secret', async () => {
    const { open, received } = await signInOn([gives()])
    await open(order())
    const [request] = received
    expect(request?.method).toBe('POST')
    expect(request?.url).toBe('/federation')
    const fields = form(request ?? { method: '', url: '', headers: {}, body: '' })
    expect([...fields.keys()].sort()).toEqual(['Action', 'Session'])
    expect(JSON.parse(fields.get('Session') ?? '')).toEqual({
      sessionId: 'ASIAIOSFODNN7EXAMPLE',
      sessionKey: secretAccessKey,
      sessionToken,
    })
  })

  test('is a GET where the partition is set to it, and only there', async () => {
    const methodByPartition = { 'aws-us-gov': 'GET' } as const
    const { open, received } = await signInOn([gives()], { methodByPartition })
    await open(order({ partition: 'aws-us-gov' }))
    await open(order())
    expect(received.map(({ method }) => method)).toEqual(['GET', 'POST'])
    const query = new URL(received[0]?.url ?? '', 'http://x').searchParams
    expect(query.get('Action')).toBe('getSigninToken')
    expect(received[0]?.body).toBe('')
  })

  test('names a duration only when one is given', async () => {
    const { open, received } = await signInOn([gives()])
    await open(order({ sessionDurationSeconds: 43_200 }))
    await open(order())
    expect(received.map((one) => form(one).get('SessionDuration'))).toEqual(['43200', null])
  })

  test.each([899, 43_201, 900.5, NaN])('is not made with a duration of %d', async (seconds) => {
    const { open, received } = await signInOn([gives()])
    await expect(open(order({ sessionDurationSeconds: seconds }))).rejects.toThrow(InvalidDuration)
    expect(received).toHaveLength(0)
  })

  test('is not made with credentials that have ended', async () => {
    const { open, received } = await signInOn([gives()])
    const credentials = { ...order().credentials, expiration: now }
    await expect(open(order({ credentials }))).rejects.toThrow(InvalidRequest)
    expect(received).toHaveLength(0)
  })

  test('is not made for a region of another partition', async () => {
    const { open, received } = await signInOn([gives()])
    await expect(open(order({ region: 'cn-north-1' }))).rejects.toThrow(InvalidRequest)
    expect(received).toHaveLength(0)
  })

  test('is not made for a partition whose console nobody knows', async () => {
    const { open, received } = await signInOn([gives()], { endpoints: {} })
    await expect(open(order({ partition: 'aws-iso' }))).rejects.toThrow(InvalidDestination)
    expect(received).toHaveLength(0)
  })

  test('does not follow a redirect with the credentials', async () => {
    const elsewhere = await loopbackServer(gives())
    const { open } = await signInOn([
      (response) => response.writeHead(307, { location: elsewhere.origin }).end(),
    ])
    await expect(open(order())).rejects.toThrow(AwsUnavailable)
    expect(elsewhere.received).toHaveLength(0)
  })
})

describe('the sign-in URL', () => {
  test('leads through the federation endpoint to the destination, and back to the role', async () => {
    const { open, origin } = await signInOn([gives()])
    const { url } = await open(order())
    expect(url.startsWith(`${origin}/federation?Action=login&`)).toBe(true)
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      Action: 'login',
      Issuer: 'https://aws.corp.example/?account=111111111111&role=ReadOnly',
      Destination: 'https://console.aws.amazon.com/s3/home?region=eu-west-1#x=1&y',
      SigninToken: 'sign-in+token/==',
    })
    expect(url).not.toContain('SECRET')
  })

  test('lasts 15 minutes, and the console as long as was asked for', async () => {
    const { open } = await signInOn([gives()])
    await expect(open(order({ sessionDurationSeconds: 43_200 }))).resolves.toMatchObject({
      urlExpiration: new Date('2026-11-20T09:15:00Z'),
      consoleExpiration: new Date('2026-11-20T21:00:00Z'),
      consoleSeconds: 43_200,
      notes: [],
    })
  })

  test('lasts no longer than the credentials when no duration was sent', async () => {
    const { open } = await signInOn([gives()])
    const credentials = { ...order().credentials, expiration: new Date('2026-11-20T09:10:00Z') }
    await expect(open(order({ credentials }))).resolves.toMatchObject({
      urlExpiration: credentials.expiration,
      consoleExpiration: credentials.expiration,
      consoleSeconds: 600,
      notes: [],
    })
  })
})

describe('a duration that AWS refuses', () => {
  test('is left out once, and what was given is said', async () => {
    const { open, received } = await signInOn([badRequest, gives()])
    await expect(open(order({ sessionDurationSeconds: 43_200 }))).resolves.toMatchObject({
      consoleExpiration: new Date('2026-11-20T10:00:00Z'),
      consoleSeconds: 3600,
      notes: [
        'AWS refused a console session of 12 hours with these credentials, so the console ends with them.',
      ],
    })
    expect(received.map((one) => form(one).get('SessionDuration'))).toEqual(['43200', null])
  })

  test('ends it when AWS refuses without it too', async () => {
    const { open, received } = await signInOn([badRequest])
    await expect(open(order({ sessionDurationSeconds: 900 }))).rejects.toThrow(AwsRefused)
    expect(received).toHaveLength(2)
  })

  test('is not tried again when none was sent', async () => {
    const { open, received } = await signInOn([badRequest])
    const error = await failure(open(order()))
    expect(error).toBeInstanceOf(AwsRefused)
    expect(error).toHaveProperty('fault.message', 'Error Invalid credentials parameter')
    expect(error).toHaveProperty('fault.status', 400)
    expect(received).toHaveLength(1)
  })
})

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
    const { open, received } = await signInOn([answer])
    const error = await failure(open(order()))
    expect(error).toBeInstanceOf(AwsUnavailable)
    expect(everythingIn(error)).not.toContain('SECRET')
    expect(received).toHaveLength(1)
  })

  test('is not quoted when it repeats a secret', async () => {
    const echo: Answer = (response, { body }) =>
      response.writeHead(400).end(new URLSearchParams(body).get('Session'))
    const { open } = await signInOn([echo])
    const error = await failure(open(order()))
    expect(error).toBeInstanceOf(AwsRefused)
    expect(everythingIn(error)).not.toContain('SECRET')
  })

  test.each([429, 500, 503])('with status %i is asked for once more', async (status) => {
    const { open, received, effects } = await signInOn([answers(status, 'busy'), gives()])
    await expect(open(order())).resolves.toMatchObject({ consoleSeconds: 3600 })
    expect(received).toHaveLength(2)
    expect(effects.pauses).toHaveLength(1)
  })

  test('that stays away twice is the end', async () => {
    const { open, received } = await signInOn([answers(503, 'busy')])
    await expect(open(order())).rejects.toThrow(AwsUnavailable)
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
      const { open, received } = await signInOn([answer], { timeouts })
      const started = performance.now()
      const error = await failure(open(order()))
      expect(performance.now() - started).toBeLessThan(4000)
      expect(error).toBeInstanceOf(AwsUnavailable)
      expect(error).toHaveProperty('message', expect.stringContaining('in time'))
      expect(received).toHaveLength(1)
    }
  })

  test('is a broken connection, told with host and setting, and not asked for again', async () => {
    const { open, received, origin } = await signInOn([(response) => response.destroy()])
    const error = await failure(open(order()))
    expect(error).toBeInstanceOf(AwsUnavailable)
    expect(error).toHaveProperty('message', expect.stringContaining(new URL(origin).host))
    expect(error).toHaveProperty('message', expect.stringContaining('aws.endpoints.federation'))
    expect(everythingIn(error)).not.toContain('SECRET')
    expect(received).toHaveLength(1)
  })
})

describe('an endpoint from the configuration', () => {
  test('may leave out the path that never differs', async () => {
    const server = await loopbackServer(gives())
    const { open } = await signInOn([gives()], { endpoints: { federation: server.origin } })
    await open(order())
    expect(server.received[0]?.url).toBe('/federation')
  })

  test('opens a console in a partition whose hosts AWS does not publish', async () => {
    const server = await loopbackServer(gives())
    const endpoints = { federation: server.origin, console: `${server.origin}/console/home` }
    const { open, checkDestination } = await signInOn([gives()], { endpoints })
    const destination = checkDestination(undefined, 'aws-iso', undefined)
    expect(destination).toBe(`${server.origin}/console/home`)
    await expect(open(order({ partition: 'aws-iso', destination }))).resolves.toHaveProperty('url')
  })
})
