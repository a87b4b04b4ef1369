import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { readDocument } from '../../sandbox/documents.ts'
import { keptDemoPki } from '../../sandbox/pki/kept-demo-pki.ts'
import { type SamlIdp, startSamlIdp } from '../../sandbox/saml-idp/saml-idp.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { compose } from '../../src/compose.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { listen } from '../../src/web/listener.ts'
import { demoEnvironment } from './broker-process.ts'
import { freePort } from './free-port.ts'
import { silentLogger } from './silent-logger.ts'
import { StillClock } from './still-clock.ts'

/** The demo as `npm start` has it, in this process, at a time that stands still. */
export interface StillDemo extends AsyncDisposable {
  readonly url: string
  readonly sandbox: Sandbox
  readonly clock: StillClock
}

/** Starts it, on the usual ports where they are free. Beside bob and alice there is carol, who has no role. */
export async function startStillDemo(start: Date): Promise<StillDemo> {
  await using opened = new AsyncDisposableStack()
  const clock = opened.use(new StillClock(start))
  const folder = mkdtempSync(join(tmpdir(), 'postern-still-'))
  opened.defer(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const sandbox = opened.use(await startSandbox({ port: await preferred(3001) }))
  const port = await preferred(3000)
  const idp = opened.use(await startIdp(port))
  await keptDemoPki(folder, clock.now)
  // The listener for certificates is offered, and nobody goes there.
  const ports = { broker: port, aws: sandbox.port, idp: idp.port, certificates: await freePort() }
  const file = await writeDemoConfig(folder, ports)
  const document = parseDocument(readFileSync(file, 'utf8'))
  document.addIn(['signIn', 0, 'users'], {
    ...bobOf(document),
    name: 'carol',
    groups: ['visitors'],
  })
  // Long enough to see credentials end before the browser session does.
  document.setIn(['sessions'], { idle: '8h', absolute: '8h' })
  writeFileSync(file, String(document))
  Object.assign(process.env, demoEnvironment())
  const postern = await compose(loadConfig(file, process.env), { logger: silentLogger })
  opened.defer(() => postern.close())
  for (const server of await listen(postern.app, { host: 'localhost', port })) {
    opened.defer(() => {
      server.closeAllConnections()
      server.close()
    })
  }
  const owned = opened.move()
  return {
    url: `http://localhost:${port}`,
    sandbox,
    clock,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function startIdp(broker: number): Promise<SamlIdp> {
  const metadata = () => readDocument(`http://localhost:${broker}/saml/demo/metadata`)
  const serviceProviders = [{ label: 'Postern', metadata }]
  return await startSamlIdp({ port: await preferred(3002), serviceProviders })
}

function bobOf(document: ReturnType<typeof parseDocument>): object {
  const { users = [] } = (document.toJS() as { signIn: { users: object[] }[] }).signIn[0] ?? {}
  return { ...users[0], displayName: 'Carol Cole' }
}

/** The usual port of the demo, or a free one where that is taken. */
async function preferred(usual: number): Promise<number> {
  const server = createServer()
  server.listen(usual, '127.0.0.1')
  try {
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return usual
  } catch {
    return freePort()
  }
}
