import type { Socket } from 'node:net'
import { BerReader, ExtendedRequest } from 'ldapts'

const messageId = 1
const extendedResponse = 0x78
const request = new ExtendedRequest({ messageId, oid: '1.3.6.1.4.1.1466.20037' }).write()
const mostBytes = 4_096

/**
 * Asks for TLS on a fresh plain connection (RFC 4511 §4.14) and resolves once TLS may start. Rejects when the server
 * refuses, or has said anything beyond that one answer: whoever stands in between could have put it there, and it would
 * count as said under TLS. ldapts' own startTLS keeps such bytes, and after a lost connection goes on without TLS.
 */
export async function startTls(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  let heard = Buffer.alloc(0)
  const onData = (chunk: Buffer): void => {
    heard = Buffer.concat([heard, chunk])
    try {
      if (isWholeConsent(heard)) resolve(undefined)
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)))
    }
  }
  const onClose = (): void => {
    reject(new Error('the connection ended before StartTLS was answered'))
  }
  socket.on('data', onData).once('close', onClose).once('end', onClose).once('error', reject)
  try {
    socket.write(request)
    await promise
  } finally {
    socket.off('data', onData).off('close', onClose).off('end', onClose).off('error', reject)
    socket.pause()
  }
}

/** Whether the answer is complete and says yes. Throws when it is anything else than the start of that. */
function isWholeConsent(heard: Buffer): boolean {
  if (heard.length > mostBytes || heard[0] !== 0x30) throw new Error('StartTLS: no LDAP answer')
  const reader = new BerReader(heard)
  if (reader.readSequence() === null || reader.remain < reader.length) return false
  if (reader.length < 0 || reader.remain > reader.length) {
    throw new Error('StartTLS: more was said than the answer')
  }
  if (reader.readInt() !== messageId) throw new Error('StartTLS: the answer is to something else')
  reader.readSequence(extendedResponse)
  const code = reader.readEnumeration()
  if (code !== 0) throw new Error(`StartTLS: refused with ${code ?? 'no code'}`)
  return true
}
