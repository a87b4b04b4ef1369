import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { BindRequest, ExtendedRequest, PagedResultsControl, SearchRequest } from 'ldapts'
import type { Issued } from '../../keys/test-certificates.ts'
import { type FakeEntry, matches } from './fake-entries.ts'
import { entryMessage, message, readRequest, result, windowsMessage } from './ldap-wire.ts'

/** An LDAP result; `silence` never answers, `hang-up` ends the connection, bytes are sent as they are. */
type FakeAnswer =
  { readonly code: number; readonly message?: string } | 'silence' | 'hang-up' | Buffer

export interface FakeDirectoryOptions {
  readonly entries?: readonly FakeEntry[]
  readonly certificate: Pick<Issued, 'keyPem' | 'certificatePem'>
  readonly maxVersion?: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  /** Undefined: plain from the start, and TLS when it is asked for. */
  readonly startTls?: {
    readonly answer?: FakeAnswer
    /** Sent behind the answer, in the clear. */
    readonly injected?: Buffer
    /** Ends the connection once TLS stands. */
    readonly hangUpAfter?: boolean
  }
  /** Before the passwords of the entries are looked at; undefined to let them decide. */
  readonly bind?: (name: string, password: string) => FakeAnswer | undefined
  readonly search?: (request: SearchRequest, boundAs: string) => FakeAnswer | undefined
  /** Referrals beside every search below the root. */
  readonly referrals?: readonly string[]
  /** Entries in one page, whatever the client wants. */
  readonly pageSize?: number
}

export interface FakeDirectory {
  readonly url: string
  readonly port: number
  /** All that was sent before TLS stood. */
  readonly inTheClear: Buffer[]
  readonly binds: { readonly name: string; readonly password: string }[]
  readonly searches: { readonly base: string; readonly filter: string; readonly boundAs: string }[]
  readonly connections: Set<Socket>
  accepted: number
  close(): void
}

/** A directory for what no real one does at hand: bad answers, none, and success where there should be none. */
export async function openFakeDirectory(options: FakeDirectoryOptions): Promise<FakeDirectory> {
  const { keyPem, certificatePem } = options.certificate
  const tls = {
    isServer: true,
    key: keyPem,
    cert: certificatePem,
    ...(options.maxVersion && { minVersion: 'TLSv1' as const, maxVersion: options.maxVersion }),
  }
  const server = createServer({ noDelay: true }, (plain) => {
    fake.accepted += 1
    fake.connections.add(plain)
    plain.once('close', () => fake.connections.delete(plain)).on('error', ignore)
    if (options.startTls) awaitStartTls(plain, options.startTls)
    else serve(secured(plain))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const { port } = address
  const fake: FakeDirectory = {
    url: `${options.startTls ? 'ldap' : 'ldaps'}://localhost:${port}`,
    port,
    inTheClear: [],
    binds: [],
    searches: [],
    connections: new Set(),
    accepted: 0,
    close: () => {
      for (const socket of fake.connections) socket.destroy()
      server.close()
    },
  }

  function secured(plain: Socket): TLSSocket {
    return new TLSSocket(plain, tls).on('error', ignore)
  }

  function awaitStartTls(plain: Socket, how: NonNullable<FakeDirectoryOptions['startTls']>): void {
    const onData = (chunk: Buffer): void => {
      fake.inTheClear.push(chunk)
      const request = readRequest(chunk)
      if (!(request instanceof ExtendedRequest)) return
      if (!answer(plain, request.messageId, 0x78, how.answer ?? { code: 0 }, how.injected)) return
      plain.off('data', onData)
      const secure = secured(plain)
      if (how.hangUpAfter) secure.once('secure', () => plain.destroy())
      else serve(secure)
    }
    plain.on('data', onData)
  }

  function serve(socket: TLSSocket): void {
    let boundAs = ''
    socket.on('data', (chunk: Buffer) => {
      const request = readRequest(chunk)
      if (request instanceof BindRequest) {
        const { dn: name, password, messageId } = request
        fake.binds.push({ name, password })
        const said = options.bind?.(name, password) ?? decide(name, password)
        if (typeof said === 'object' && 'code' in said && said.code === 0) boundAs = name
        answer(socket, messageId, 0x61, said)
      } else if (request instanceof SearchRequest) {
        fake.searches.push({ base: request.baseDN, filter: request.filter.toString(), boundAs })
        const said = options.search?.(request, boundAs)
        if (said === undefined) search(socket, request)
        else answer(socket, request.messageId, 0x65, said)
      }
    })
  }

  function decide(name: string, password: string): FakeAnswer {
    const who = options.entries?.find(
      ({ dn, bindsAs = [] }) => dn.toLowerCase() === name.toLowerCase() || bindsAs.includes(name),
    )
    const right = who?.password !== undefined && who.password === password
    return right ? { code: 0 } : wrongPassword
  }

  function search(socket: TLSSocket, request: SearchRequest): void {
    const found = (options.entries ?? []).filter((entry) => matches(entry, request))
    const paging = request.controls?.find((control) => control instanceof PagedResultsControl)
    const start = Number(paging?.value?.cookie?.toString() ?? 0)
    const size = paging ? (options.pageSize ?? paging.value?.size ?? found.length) : found.length
    const most = request.sizeLimit || found.length
    const page = found.slice(start, start + Math.min(size, most))
    for (const entry of page) socket.write(entryMessage(request, entry))
    for (const referral of options.referrals ?? []) {
      socket.write(
        message(request.messageId, 0x73, (writer) => {
          writer.writeString(referral)
        }),
      )
    }
    const next = start + page.length
    const cookie = Buffer.from(next < found.length ? String(next) : '')
    const control = paging && new PagedResultsControl({ value: { size: found.length, cookie } })
    const code = !paging && page.length < found.length ? 4 : 0
    socket.write(message(request.messageId, 0x65, result({ code }), control))
  }

  return fake
}

/** What Active Directory says to a wrong password. */
const wrongPassword = { code: 49, message: windowsMessage('52e') }

function answer(
  socket: Socket,
  id: number,
  operation: number,
  said: FakeAnswer,
  more: Buffer = Buffer.alloc(0),
): boolean {
  if (said === 'silence') return false
  if (said === 'hang-up') {
    socket.destroy()
    return false
  }
  const bytes = Buffer.isBuffer(said) ? said : message(id, operation, result(said))
  socket.write(Buffer.concat([bytes, more]))
  return !Buffer.isBuffer(said) && said.code === 0
}

function ignore(): void {
  // The client has gone away.
}
