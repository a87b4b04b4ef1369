import type { Duplex } from 'node:stream'

/** What Node itself would answer, and in words where somebody may want to know. */
const answers: Readonly<Record<string, readonly [status: string, text: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'The headers of this request are larger than Postern takes. Delete the cookies of this site; where your browser sends a Kerberos ticket, you may be in too many groups for it. Sign in another way.\n',
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', ''],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', ''],
}

/**
 * Answers what is no HTTP request that can be handled, and closes the connection (`clientError` of Node's HTTP server).
 * Where an answer has begun, nothing is said: it would be read as part of that one.
 */
export function answerUnreadable(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || hasBegunAnswer(socket)) {
    socket.destroy()
    return
  }
  const [status, text] = answers[error.code ?? ''] ?? ['400 Bad Request', '']
  const headers = [
    'Connection: close',
    'Cache-Control: no-store',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ]
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n${text}`)
}

/** As Node's own handler looks for it; there is no public word for it. */
function hasBegunAnswer(socket: Duplex): boolean {
  const answer: unknown = Reflect.get(socket, '_httpMessage')
  return (
    typeof answer === 'object' && answer !== null && Reflect.get(answer, '_headerSent') === true
  )
}
