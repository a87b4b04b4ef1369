import { once } from 'node:events'
import { createServer } from 'node:http'
import { portOf } from '../../src/web/listener.ts'
import { answerParent } from './answer.ts'

/** The baseline of a page: bare node:http, with a body of as many bytes as the first argument says. */
const page = Buffer.alloc(Number(process.argv[2] ?? 0), 'p')
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html', 'content-length': page.length }).end(page)
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
answerParent(portOf(server))
