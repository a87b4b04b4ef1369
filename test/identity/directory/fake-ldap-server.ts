import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import {
  BerReader,
  BerWriter,
  BindRequest,
  ExtendedRequest,
  type Message,
  PagedResultsControl,
  PresenceFilter,
  SearchRequest,
} from 'ldapts'
import { onTestFinished } from 'vitest'
import { issue, type Issued, keyCertSign } from '../../keys/test-certificates.ts'
import { type FakeEntry, matches } from './fake-entries.ts'

export const ca = issue({ commonName: 'Directory CA', authority: true, keyUsage: keyCertSign })
const serverCertificate = issue({ commonName: 'localhost', issuer: ca })

/** An LDAP result; `silence` never answers, `hang-up` ends the connection, bytes are sent as they are. */
type FakeAnswer =
  { readonly code: number; readonly message?: string } | 'silence' | 'hang-up' | Buffer

export interface FakeLdapOptions {
  readonly entries?: readonly FakeEntry[]
  readonly certificate?: Issued
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

export interface FakeLdapServer {
  readonly url: string
  readonly port: number
  /** All that was sent before TLS stood. */
  readonly inTheClear: Buffer[]
  readonly binds: { readonly name: string; readonly password: string }[]
  readonly searches: { readonly base: string; readonly filter: string; readonly boundAs: string }[]
  readonly connections: Set<Socket>
  accepted: number
}

/** A directory for what no real one does at hand: bad answers, none, and success where there should be none. */
export async function fakeLdapServer(options: FakeLdapOptions = {}): Promise<FakeLdapServer> {
  const { privateKey, certificatePem } = options.certificate ?? serverCertificate
  const tls = {
    isServer: true,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
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
  const fake: FakeLdapServer = {
    url: `${options.startTls ? 'ldap' : 'ldaps'}://localhost:${port}`,
    port,
    inTheClear: [],
    binds: [],
    searches: [],
    connections: new Set(),
    accepted: 0,
  }
  onTestFinished(() => {
    for (const socket of fake.connections) socket.destroy()
    server.close()
  })

  function secured(plain: Socket): TLSSocket {
    return new TLSSocket(plain, tls).on('error', ignore)
  }

  function awaitStartTls(plain: Socket, how: NonNullable<FakeLdapOptions['startTls']>): void {
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

export function windowsMessage(subCode: string): string {
  return `80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data ${subCode}, v3839`
}

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

function result({ code, message = '' }: { code: number; message?: string }) {
  return (writer: BerWriter): void => {
    writer.writeEnumeration(code)
    writer.writeString('')
    writer.writeString(message)
  }
}

/** One LDAP message, as a server sends it. */
function message(
  id: number,
  operation: number,
  write: (writer: BerWriter) => void,
  control?: PagedResultsControl,
): Buffer {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  writer.startSequence(operation)
  write(writer)
  writer.endSequence()
  if (control) {
    writer.startSequence(0xa0)
    control.write(writer)
    writer.endSequence()
  }
  writer.endSequence()
  return writer.buffer
}

/** A bind response that says yes, to be put where it doesn't belong. */
export function bindSuccess(id: number): Buffer {
  return message(id, 0x61, result({ code: 0 }))
}

function entryMessage(request: SearchRequest, entry: FakeEntry): Buffer {
  const wanted = new Set(request.attributes.map((name) => name.toLowerCase()))
  return message(request.messageId, 0x64, (writer) => {
    writer.writeString(entry.dn)
    writer.startSequence()
    for (const [name, values] of Object.entries(entry.attributes)) {
      if (!wanted.has(name.toLowerCase())) continue
      writer.startSequence()
      writer.writeString(name)
      writer.startSequence(0x31)
      for (const value of values) writer.writeBuffer(Buffer.from(value), 0x04)
      writer.endSequence()
      writer.endSequence()
    }
    writer.endSequence()
  })
}

const anything = new PresenceFilter({ attribute: 'objectClass' })
const requests: Readonly<Record<number, (messageId: number) => Message>> = {
  0x60: (messageId) => new BindRequest({ messageId }),
  0x63: (messageId) => new SearchRequest({ messageId, filter: anything }),
  0x77: (messageId) => new ExtendedRequest({ messageId }),
}

/** Requests come whole and one at a time, because each waits for its answer. */
function readRequest(bytes: Buffer): Message | undefined {
  const reader = new BerReader(bytes)
  reader.readSequence()
  const id = reader.readInt() ?? 0
  const request = requests[reader.readSequence() ?? 0]?.(id)
  request?.parse(reader, [])
  return request
}

function ignore(): void {
  // The client has gone away.
}
