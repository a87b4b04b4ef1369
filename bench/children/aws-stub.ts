import { once } from 'node:events'
import { createServer } from 'node:http'
import { portOf } from '../../src/web/listener.ts'
import { answerParent } from './answer.ts'

/** Fixed answers of STS and the federation endpoint, so that what asks is measured and not what answers. */
const token = 'IQoJb3JpZ2luX2VjE'.repeat(40)

function assumedRole(body: string): string {
  const form = new URLSearchParams(body)
  const arn = (form.get('RoleArn') ?? '')
    .replace(':iam:', ':sts:')
    .replace(':role/', ':assumed-role/')
  const session = form.get('RoleSessionName') ?? ''
  const seconds = Number(form.get('DurationSeconds') ?? 3600)
  const expiration = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><Arn>${arn}/${session}</Arn><AssumedRoleId>AROA3XFRBF23AEXAMPLE1:${session}</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult><ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata></AssumeRoleResponse>`
}

const server = createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    if (request.url === '/federation') {
      response.setHeader('content-type', 'application/json')
      response.end(`{"SigninToken":"${token}"}`)
      return
    }
    response.setHeader('content-type', 'text/xml')
    response.end(assumedRole(Buffer.concat(pieces).toString()))
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
answerParent(portOf(server))
