import {
  BerReader,
  BerWriter,
  BindRequest,
  ExtendedRequest,
  type Message,
  type PagedResultsControl,
  PresenceFilter,
  SearchRequest,
} from 'ldapts'
import type { FakeEntry } from './fake-entries.ts'

/** What Active Directory says to a refused bind. */
export function windowsMessage(subCode: string): string {
  return `80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data ${subCode}, v3839`
}

/** The parts of a result that matter here (RFC 4511 §4.1.9). */
export function result({ code, message = '' }: { code: number; message?: string }) {
  return (writer: BerWriter): void => {
    writer.writeEnumeration(code)
    writer.writeString('')
    writer.writeString(message)
  }
}

/** One LDAP message, as a server sends it. */
export function message(
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

export function entryMessage(request: SearchRequest, entry: FakeEntry): Buffer {
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
export function readRequest(bytes: Buffer): Message | undefined {
  const reader = new BerReader(bytes)
  reader.readSequence()
  const id = reader.readInt() ?? 0
  const request = requests[reader.readSequence() ?? 0]?.(id)
  request?.parse(reader, [])
  return request
}
