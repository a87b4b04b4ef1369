import { once } from 'node:events'
import { createServer } from 'node:https'
import { DemoAuthority } from '../sandbox/pki/demo-authority.ts'
import { demoCertificates } from '../sandbox/pki/demo-certificates.ts'

/** The role that it gives credentials of. */
export const role = 'arn:aws:iam::111111111111:role/ReadOnly'
const lasts = 3_600_000

/** Stands for a Roles Anywhere and a broker, on loopback. */
interface StandIn extends Disposable {
  readonly origin: string
  /** Who vouches for it, in PEM. */
  readonly ca: string
  /** What a client may sign with, in PEM. */
  readonly client: { readonly certificate: string; readonly key: string }
}

/** Starts one; it answers whatever it is asked, and looks at nothing. */
export async function startStandIn(now: Date): Promise<StandIn> {
  const authority = await DemoAuthority.create(now)
  const pem = async (name: string) => {
    const plan = demoCertificates.find((known) => known.name === name)
    if (!plan) throw new Error(`no plan for ${name}`)
    return authority.issue(plan, now)
  }
  const { certificate: cert, key } = await pem('server')
  const server = createServer({ cert, key }, (request, response) => {
    request.resume().on('end', () => {
      const path = request.url?.replace(/\?.*/, '') ?? ''
      response.writeHead(201, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answers(origin, now)[path]))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const origin = `https://localhost:${typeof address === 'object' && address ? address.port : 0}`
  return {
    origin,
    ca: (await authority.pem()).certificate,
    client: await pem('machine'),
    [Symbol.dispose]: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** One of Roles Anywhere's own. */
export function arn(kind: string): string {
  return `arn:aws:rolesanywhere:us-east-1:111111111111:${kind}/00000000-0000-0000-0000-000000000000`
}

/** What is answered at each path. */
function answers(origin: string, now: Date): Readonly<Record<string, unknown>> {
  const credentials = {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'of-no-use',
    sessionToken: 'of-no-use-either',
    expiration: new Date(now.getTime() + lasts).toISOString(),
  }
  const planned = { seconds: lasts / 1000, why: 'Nobody asked for another.' }
  const token = 'n'.repeat(43)
  return {
    '/sessions': { credentialSet: [{ credentials }], subjectArn: arn('subject') },
    '/api/v1/device': {
      device_code: token,
      user_code: 'BCDF-GHJK',
      verification_uri: `${origin}/device`,
      verification_uri_complete: `${origin}/device`,
      expires_in: 600,
      interval: 1,
    },
    '/api/v1/token': {
      access_token: token,
      token_type: 'Bearer',
      expires_in: lasts / 1000,
      refresh_token: token,
      session_expires_in: lasts / 1000,
    },
    '/api/v1/me': {
      name: 'nobody',
      people: 'nobody',
      method: { id: 'none', label: 'None' },
      by: 'token',
      groups: [],
      authenticatedAt: now.toISOString(),
    },
    '/api/v1/role-sessions': {
      role,
      credentials,
      region: 'eu-west-1',
      durations: { credentials: planned, console: planned },
    },
  }
}
