import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { CertificateRefusal } from '../../../src/identity/client-certificate/certificate-refusal.ts'
import type { CertificateSignIn } from '../../../src/identity/client-certificate/certificate-sign-in.ts'
import type { PresentedCertificate } from '../../../src/identity/client-certificate/trusted-authorities.ts'

/** A server on a free port of loopback that signs in by certificate and says whom, or why not. */
export interface SignInServer {
  readonly port: number
  close(): Promise<void>
}

/** With TLS options it is https. `presentedBy` finds the certificate of a request. */
export async function signInServer(
  signIn: CertificateSignIn,
  presentedBy: (request: IncomingMessage) => PresentedCertificate,
  tls?: TlsOptions,
): Promise<SignInServer> {
  const answer: RequestListener = (request, response) => {
    const find = async () => signIn.verify(presentedBy(request))
    find()
      .then(({ name }) => ({ status: 200, name }))
      .catch((error: unknown) => {
        if (error instanceof CertificateRefusal) {
          return { status: 401, refusal: error.refusal, says: error.message }
        }
        return { status: 500, error: String(error) }
      })
      .then(({ status, ...said }) => {
        response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
        response.end(JSON.stringify(said))
      })
      .catch(() => response.destroy())
  }
  const server: Server = tls ? createHttpsServer(tls, answer) : createHttpServer(answer)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    close: async () => {
      // A browser holds connections on which it never asked anything.
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
      })
    },
  }
}
