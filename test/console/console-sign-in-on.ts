import type { ConsoleOrder } from '../../src/console/console-sign-in.ts'
import {
  type ConsoleSignInOptions,
  createConsoleSignIn,
} from '../../src/console/federation-endpoint.ts'
import { heldEffects } from '../support/held-effects.ts'
import { type Answer, loopbackServer } from '../support/loopback-server.ts'
import { silentLogger } from '../support/silent-logger.ts'

export const now = new Date('2026-11-20T09:00:00Z')
export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYSECRETKEY0'
export const sessionToken = 'IQoJb3JpZ2luX2VjSECRETTOKEN//9Zk+H2vR4mXc8Lp0=='

/** A console for bob's credentials, of the hour that is now. */
export function consoleOrder(overrides: Partial<ConsoleOrder> = {}): ConsoleOrder {
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

/** The sign-in to the console, on a federation endpoint that answers so. */
export async function consoleSignInOn(
  answers: readonly Answer[],
  options: Partial<ConsoleSignInOptions> = {},
) {
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

export const gives =
  (token: unknown = 'sign-in+token/=='): Answer =>
  (response) =>
    response.end(JSON.stringify({ SigninToken: token }))

export const answers =
  (status: number, body: string): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'text/html' }).end(body)

export const badRequest = answers(
  400,
  '<html><head><title>Error</title><style>p { color: red }</style></head><body><p>Invalid credentials parameter</p></body></html>',
)
