import { describe, expect, test } from 'vitest'
import {
  AwsRefused,
  AwsUnavailable,
  InvalidDestination,
  InvalidDuration,
  InvalidRequest,
} from '../../src/errors.ts'
import { loopbackServer, type Received } from '../support/loopback-server.ts'
import { rejectionOf } from '../support/rejection-of.ts'
import {
  badRequest,
  consoleOrder,
  consoleSignInOn,
  gives,
  now,
  secretAccessKey,
  sessionToken,
} from './console-sign-in-on.ts'

function form({ body }: Received): URLSearchParams {
  return new URLSearchParams(body)
}

describe('the request for a sign-in token', () => {
  test('is a POST whose address holds no secret', async () => {
    const { open, received } = await consoleSignInOn([gives()])
    await open(consoleOrder())
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
    const { open, received } = await consoleSignInOn([gives()], { methodByPartition })
    await open(consoleOrder({ partition: 'aws-us-gov' }))
    await open(consoleOrder())
    expect(received.map(({ method }) => method)).toEqual(['GET', 'POST'])
    const query = new URL(received[0]?.url ?? '', 'http://x').searchParams
    expect(query.get('Action')).toBe('getSigninToken')
    expect(received[0]?.body).toBe('')
  })

  test('names a duration only when one is given', async () => {
    const { open, received } = await consoleSignInOn([gives()])
    await open(consoleOrder({ sessionDurationSeconds: 43_200 }))
    await open(consoleOrder())
    expect(received.map((one) => form(one).get('SessionDuration'))).toEqual(['43200', null])
  })

  test.each([899, 43_201, 900.5, NaN])('is not made with a duration of %d', async (seconds) => {
    const { open, received } = await consoleSignInOn([gives()])
    await expect(open(consoleOrder({ sessionDurationSeconds: seconds }))).rejects.toThrow(
      InvalidDuration,
    )
    expect(received).toHaveLength(0)
  })

  test('is not made with credentials that have ended', async () => {
    const { open, received } = await consoleSignInOn([gives()])
    const credentials = { ...consoleOrder().credentials, expiration: now }
    await expect(open(consoleOrder({ credentials }))).rejects.toThrow(InvalidRequest)
    expect(received).toHaveLength(0)
  })

  test('is not made for a region of another partition', async () => {
    const { open, received } = await consoleSignInOn([gives()])
    await expect(open(consoleOrder({ region: 'cn-north-1' }))).rejects.toThrow(InvalidRequest)
    expect(received).toHaveLength(0)
  })

  test('is not made for a partition whose console nobody knows', async () => {
    const { open, received } = await consoleSignInOn([gives()], { endpoints: {} })
    await expect(open(consoleOrder({ partition: 'aws-iso' }))).rejects.toThrow(InvalidDestination)
    expect(received).toHaveLength(0)
  })

  test('does not follow a redirect with the credentials', async () => {
    const elsewhere = await loopbackServer(gives())
    const { open } = await consoleSignInOn([
      (response) => response.writeHead(307, { location: elsewhere.origin }).end(),
    ])
    await expect(open(consoleOrder())).rejects.toThrow(AwsUnavailable)
    expect(elsewhere.received).toHaveLength(0)
  })
})

describe('the sign-in URL', () => {
  test('leads through the federation endpoint to the destination, and back to the role', async () => {
    const { open, origin } = await consoleSignInOn([gives()])
    const { url } = await open(consoleOrder())
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
    const { open } = await consoleSignInOn([gives()])
    await expect(open(consoleOrder({ sessionDurationSeconds: 43_200 }))).resolves.toMatchObject({
      urlExpiration: new Date('2026-11-20T09:15:00Z'),
      consoleExpiration: new Date('2026-11-20T21:00:00Z'),
      consoleSeconds: 43_200,
      notes: [],
    })
  })

  test('lasts no longer than the credentials when no duration was sent', async () => {
    const { open } = await consoleSignInOn([gives()])
    const credentials = {
      ...consoleOrder().credentials,
      expiration: new Date('2026-11-20T09:10:00Z'),
    }
    await expect(open(consoleOrder({ credentials }))).resolves.toMatchObject({
      urlExpiration: credentials.expiration,
      consoleExpiration: credentials.expiration,
      consoleSeconds: 600,
      notes: [],
    })
  })
})

describe('a duration that AWS refuses', () => {
  test('is left out once, and what was given is said', async () => {
    const { open, received } = await consoleSignInOn([badRequest, gives()])
    await expect(open(consoleOrder({ sessionDurationSeconds: 43_200 }))).resolves.toMatchObject({
      consoleExpiration: new Date('2026-11-20T10:00:00Z'),
      consoleSeconds: 3600,
      notes: [
        'AWS refused a console session of 12 hours with these credentials, so the console ends with them.',
      ],
    })
    expect(received.map((one) => form(one).get('SessionDuration'))).toEqual(['43200', null])
  })

  test('ends it when AWS refuses without it too', async () => {
    const { open, received } = await consoleSignInOn([badRequest])
    await expect(open(consoleOrder({ sessionDurationSeconds: 900 }))).rejects.toThrow(AwsRefused)
    expect(received).toHaveLength(2)
  })

  test('is not tried again when none was sent', async () => {
    const { open, received } = await consoleSignInOn([badRequest])
    const error = await rejectionOf(open(consoleOrder()), AwsRefused)
    expect(error).toHaveProperty('fault.message', 'Error Invalid credentials parameter')
    expect(error).toHaveProperty('fault.status', 400)
    expect(received).toHaveLength(1)
  })
})

describe('an endpoint from the configuration', () => {
  test('may leave out the path that never differs', async () => {
    const server = await loopbackServer(gives())
    const { open } = await consoleSignInOn([gives()], { endpoints: { federation: server.origin } })
    await open(consoleOrder())
    expect(server.received[0]?.url).toBe('/federation')
  })

  test('opens a console in a partition whose hosts AWS does not publish', async () => {
    const server = await loopbackServer(gives())
    const endpoints = { federation: server.origin, console: `${server.origin}/console/home` }
    const { open, checkDestination } = await consoleSignInOn([gives()], { endpoints })
    const destination = checkDestination(undefined, 'aws-iso', undefined)
    expect(destination).toBe(`${server.origin}/console/home`)
    await expect(open(consoleOrder({ partition: 'aws-iso', destination }))).resolves.toHaveProperty(
      'url',
    )
  })
})
