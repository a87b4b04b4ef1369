import { createSecureContext } from 'node:tls'
import { type Issued, issue } from '../keys/test-certificates.ts'
import {
  type Answering,
  type Arrived,
  checkSignature,
  serve,
} from '../rolesanywhere/fake-roles-anywhere.ts'

/** A CreateSession on loopback that checks signatures by itself, over TLS with an authority of its own. */
export interface FakeCreateSession extends AsyncDisposable {
  readonly endpoint: string
  readonly arrived: readonly Arrived[]
  /** PEM of the authority, for AWS_CA_BUNDLE. */
  readonly authority: string
  answer: Answering
}

interface Granted {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: string
}

const authority = issue({ commonName: 'fake AWS', authority: true, keyUsage: 0x04 })
// A name rather than an address: the test certificates carry no alternative names.
const server: Issued = issue({ commonName: 'localhost', issuer: authority })

/** Grants what was asked for, for so many seconds; another access key each time. Refuses what is signed wrongly. */
export function granting(seconds?: number, delay = 0): Answering {
  return (response, arrived, count) => {
    const respond = (status: number, body: unknown, type?: string): void => {
      setTimeout(() => {
        response.writeHead(status, {
          'content-type': 'application/json',
          ...(type && { 'x-amzn-errortype': type }),
        })
        response.end(JSON.stringify(body))
      }, delay)
    }
    try {
      checkSignature(arrived)
    } catch (error) {
      const message = error instanceof Error ? error.message : 'unknown'
      respond(403, { message }, 'AccessDeniedException')
      return
    }
    const asked = JSON.parse(arrived.body) as { durationSeconds: number }
    const life = seconds ?? asked.durationSeconds
    const credentials: Granted = {
      accessKeyId: `ASIAFAKE${String(count).padStart(12, '0')}`,
      secretAccessKey: 'fake/Secret+Key=',
      sessionToken: `fakeToken${count}==`,
      expiration: new Date(Date.now() + life * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
    }
    respond(201, {
      credentialSet: [{ credentials }],
      subjectArn: 'arn:aws:rolesanywhere:::subject/s',
    })
  }
}

/** Starts one; plain HTTP where `tls` is false. */
export async function fakeCreateSession({ tls = true } = {}): Promise<FakeCreateSession> {
  // Fails here rather than in a handshake when the test certificate is wrong.
  createSecureContext({ key: server.keyPem, cert: server.certificatePem })
  let answer = granting()
  const relay: Answering = (response, arrived, count) => {
    answer(response, arrived, count)
  }
  const running = await serve(
    relay,
    tls ? { key: server.keyPem, cert: server.certificatePem } : undefined,
  )
  return {
    endpoint: running.endpoint.replace('127.0.0.1', 'localhost'),
    arrived: running.arrived,
    authority: authority.certificatePem,
    get answer() {
      return answer
    },
    set answer(next) {
      answer = next
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  }
}
