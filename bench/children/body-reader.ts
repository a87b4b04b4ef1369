import { createServer } from 'node:http'
import { freePort } from '../../test/support/free-port.ts'
import { answerParent } from './answer.ts'
import { WatchedBuffers } from './watched-buffers.ts'

/** A bare node:http that reads each body whole before it refuses it: what a flood costs whoever does. */
const server = createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    response.writeHead(413).end(String(Buffer.concat(pieces).length))
  })
})
const port = await freePort()
const buffers = new WatchedBuffers()
server.listen(port, 'localhost', () => {
  answerParent(port, ({ ask }) => {
    if (ask === 'watch-loop') {
      buffers.start()
      return Promise.resolve({})
    }
    return Promise.resolve({ buffered: buffers.stop() })
  })
})
