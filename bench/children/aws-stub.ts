import { once } from 'node:events'
import { createServer } from 'node:http'
import { portOf } from '../../src/web/listener.ts'
import { answerParent } from './answer.ts'
import { createSessionAnswer, signInToken, stsAnswer } from './aws-answers.ts'

/** STS, Roles Anywhere and the federation endpoint, each of which answers at once. */
const server = createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    const { url = '/' } = request
    const body = Buffer.concat(pieces).toString()
    if (url === '/federation') {
      response.setHeader('content-type', 'application/json')
      response.end(signInToken)
    } else if (url.startsWith('/sessions')) {
      response.writeHead(201, { 'content-type': 'application/json' })
      response.end(createSessionAnswer(url, body))
    } else {
      response.setHeader('content-type', 'text/xml')
      response.end(stsAnswer(body))
    }
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
answerParent(portOf(server))
