import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import { chromiumFlags, chromiumPath } from '../../support/chromium.ts'

export interface TicketBrowser extends AsyncDisposable {
  readonly context: BrowserContext
}

export interface TicketBrowserOptions {
  /** Where the tickets are, and which realm there is: KRB5_CONFIG and KRB5CCNAME. */
  readonly env: NodeJS.ProcessEnv
  /** Hosts that may have tickets; the policy AuthServerAllowlist of real installations. */
  readonly allowed: readonly string[]
  /** What http://evil.test shows. */
  readonly evilPage?: string
}

/**
 * A Chromium with a profile of its own, which sends tickets as that of an employee does: it never does in a private window,
 * and on Linux only from the start after it first met Negotiate, because GSSAPI doesn't load into its sandbox.
 */
export async function launchTicketBrowser(options: TicketBrowserOptions): Promise<TicketBrowser> {
  await using opened = new AsyncDisposableStack()
  const profile = mkdtempSync(join(tmpdir(), 'postern-chromium-'))
  opened.defer(() => {
    rmSync(profile, { recursive: true, force: true })
  })
  const met = { net: { received_http_auth_negotiate_headers: true } }
  writeFileSync(join(profile, 'Local State'), JSON.stringify(met))
  const server = await startProxy(opened, options.evilPage ?? '')
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    env: { PATH: process.env['PATH'], HOME: profile, ...options.env },
    proxy: { server },
    ignoreHTTPSErrors: true,
    args: [
      ...chromiumFlags,
      // By the proxy, and not by a rule for the name: the ticket would be for what the name was replaced by.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      ...options.allowed.map((host) => `--auth-server-allowlist=${host}`),
    ],
  })
  opened.defer(() => context.close())
  const owned = opened.move()
  return { context, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** A proxy for which every name is this machine, and every page over http the one given. */
async function startProxy(opened: AsyncDisposableStack, page: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(`<!doctype html>${page}`)
  })
  server.on('connect', ({ url = '' }, inside, head) => {
    const outside = connect(Number(url.split(':').at(-1)), '127.0.0.1', () => {
      inside.write('HTTP/1.1 200 Connection established\r\n\r\n')
      outside.write(head)
      outside.pipe(inside)
      inside.pipe(outside)
    })
    outside.on('error', () => inside.destroy())
    inside.on('error', () => outside.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}
