import type { IncomingMessage, ServerResponse } from 'node:http'
import { Faults } from './faults/faults.ts'
import { SigninTokens } from './federation/signin-tokens.ts'
import { handle } from './handle.ts'
import { type Host, PortListener } from './http/port-listener.ts'
import { IssuedRecord, type IssuedRoleSession } from './sessions/issued-record.ts'
import { Seal } from './sessions/seal.ts'
import type { TemporaryCredentials } from './sessions/session.ts'
import { instanceProfileCredentials } from './sts/instance-profile.ts'
import { defaultSwitches, type Switches } from './switches.ts'
import { demoWorld } from './world/demo-world.ts'
import { Directory } from './world/directory.ts'
import type { World } from './world/world.ts'

export interface SandboxOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** `localhost` when absent. */
  readonly host?: Host
  readonly now?: () => Date
  /** The demo's when absent. */
  readonly world?: World
  /** Where each issued role session becomes a line of JSON. */
  readonly recordFile?: string
  /** 32 bytes that seal session tokens; the same key after a restart keeps them valid. Random when absent. */
  readonly tokenKey?: Buffer
  readonly switches?: Partial<Switches>
}

export interface Sandbox extends AsyncDisposable {
  /** `http://localhost:<port>`: STS at `/`, `/federation`, `/console/home`. */
  readonly url: string
  readonly port: number
  readonly faults: Faults
  /** Every role session issued since the start, oldest first. */
  issued(): readonly IssuedRoleSession[]
  /** Credentials as an EC2 instance with that role would find them: temporary, and yet not role chaining. */
  instanceProfileCredentials(roleArn: string): TemporaryCredentials
  /** Takes no more requests and lets those under way end, for at most two seconds. */
  close(): Promise<void>
}

const GRACE_MILLISECONDS = 2000

/** Starts an emulated AWS. Rejects with EADDRINUSE for a taken port, and for a world IAM would refuse. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { now = () => new Date(), world = demoWorld } = options
  const switches = { ...defaultSwitches, ...options.switches }
  const seal = new Seal(options.tokenKey)
  const directory = new Directory(world)
  using opening = new DisposableStack()
  const issued = opening.use(new IssuedRecord(options.recordFile))
  const environment = { now, directory, seal, issued, switches }

  const signinTokens = new SigninTokens(seal, switches.signinTokenReuse)
  const answer = (message: IncomingMessage, response: ServerResponse): void => {
    handle({ environment, faults, signinTokens }, message, response).catch((error: unknown) => {
      // A client that went away needs no answer; anything else is a defect of the sandbox.
      if (!message.destroyed || message.complete) reportDefect(error)
      response.destroy()
    })
  }
  const listener = new PortListener(answer, options.host ?? 'localhost')
  let closing: Promise<void> | undefined
  let reopening: NodeJS.Timeout | undefined
  const faults = new Faults(async (milliseconds) => {
    const { port } = listener
    clearTimeout(reopening)
    await listener.close(0)
    if (closing !== undefined) return
    reopening = setTimeout(() => void listener.open(port).catch(reportDefect), milliseconds)
  })
  await listener.open(options.port ?? 0)
  const owned = opening.move()
  const close = (): Promise<void> =>
    (closing ??= listener.close(GRACE_MILLISECONDS).then(() => {
      clearTimeout(reopening)
      owned.dispose()
    }))

  return {
    url: `http://localhost:${listener.port}`,
    port: listener.port,
    faults,
    issued: () => issued.entries(),
    instanceProfileCredentials: (roleArn) => instanceProfileCredentials(environment, roleArn),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function reportDefect(error: unknown): void {
  process.stderr.write(
    `sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
}
