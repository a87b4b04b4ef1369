import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { CliFault } from '../cli-fault.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { logLine } from '../log.ts'
import { containerEndpoint, credentialsPath } from '../serve/container-endpoint.ts'
import { bearerToken } from '../serve/bearer-token.ts'
import { CredentialKeeper } from '../serve/credential-keeper.ts'
import { setHopLimit } from '../serve/hop-limit.ts'
import { metadataService } from '../serve/metadata-service.ts'
import { openSource } from '../open-source.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJsonLine } from '../terminal/json-output.ts'

const grace = 2_000

/** Serves until the process is told to stop; then ends with 0. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  const wanted = flags.integer('port')
  if (wanted < 0 || wanted > 65_535) throw noListener('there are ports 0 to 65535')
  if (flags.has('token-file') && !flags.isOn('ecs')) {
    throw new CliFault('--token-file is for the container endpoint. Give --ecs as well.')
  }
  const source = await openSource(flags, surroundings)
  const keeper = new CredentialKeeper((held) => source.current(held), surroundings)
  const stop = surroundings.stop()
  try {
    const roleName = await source.roleName()
    await keeper.start()
    const token = flags.isOn('ecs') ? bearerToken(flags, surroundings) : undefined
    const answer = token
      ? containerEndpoint(token.value, keeper)
      : metadataService(roleName, keeper, surroundings.effects)
    const server = await listen(answer, wanted)
    try {
      await setHopLimit(server, flags.integer('hop-limit'), surroundings.platform)
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      announce(port, token?.variable, flags, surroundings)
      await keeper.keep(stop)
    } finally {
      await close(server)
    }
    return 0
  } finally {
    await source.close()
  }
}

/** Says where the credentials are: as AWS's helper does, or as one line of JSON. */
function announce(
  port: number,
  token: readonly [string, string] | undefined,
  flags: Flags,
  surroundings: Surroundings,
): void {
  const origin = `http://127.0.0.1:${port}`
  const variables: readonly (readonly [string, string])[] = flags.isOn('ecs')
    ? [
        ['AWS_CONTAINER_CREDENTIALS_FULL_URI', `${origin}${credentialsPath}`],
        ...(token ? [token] : []),
      ]
    : [['AWS_EC2_METADATA_SERVICE_ENDPOINT', `${origin}/`]]
  if (flags.isOn('json')) {
    printJsonLine({ port, environment: Object.fromEntries(variables) }, surroundings)
    return
  }
  const log = (text: string): void => {
    surroundings.stderr(logLine(text, surroundings))
  }
  log(`Local server started on port: ${port}`)
  log('Make it available to the sdk by running:')
  for (const [name, value] of variables) log(`export ${name}=${value}`)
}

async function listen(answer: RequestListener, port: number): Promise<Server> {
  // Small and short-lived requests are all that come; what else comes is cut off.
  const limits = {
    maxHeaderSize: 8_192,
    requestTimeout: 10_000,
    headersTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
    // Otherwise the first of two Host headers counts, and nobody looks at the second.
    joinDuplicateHeaders: true,
  }
  const server = createServer(limits, (request, response) => {
    // Nothing that is asked for here has a body: it is not read to its end.
    if (hasBody(request)) response.shouldKeepAlive = false
    answer(request, response)
  })
  server.maxConnections = 512
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch (cause) {
    throw noListener(cause instanceof Error ? cause.message : String(cause), cause)
  }
  return server
}

function noListener(why: string, cause?: unknown): CliFault {
  return new CliFault(`failed to create listener: ${why}. Give another --port.`, { cause })
}

function hasBody({ headers }: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers
  return encoding !== undefined || length !== '0'
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const cut = setTimeout(() => {
    server.closeAllConnections()
  }, grace)
  await closed
  clearTimeout(cut)
}
