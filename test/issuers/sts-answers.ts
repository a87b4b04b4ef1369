import type { Answer } from '../support/loopback-server.ts'

export const now = new Date('2026-11-20T09:00:00Z')
export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYSECRETKEY0'
export const sessionToken = 'IQoJb3JpZ2luX2VjSECRETTOKEN//9Zk+H2vR4mXc8Lp0=='

const namespace = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'

export interface AnswerFields {
  readonly arn?: string
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
  readonly sessionToken?: string
  readonly expiration?: string
}

/** What STS answers to AssumeRole, in the words of the STS API reference. */
export function assumeRoleXml(fields: AnswerFields = {}): string {
  const arn = fields.arn ?? 'arn:aws:sts::111111111111:assumed-role/ReadOnly/bob'
  return `<AssumeRoleResponse ${namespace}><AssumeRoleResult>
<AssumedRoleUser><Arn>${arn}</Arn><AssumedRoleId>AROAIOSFODNN7EXAMPLE:bob</AssumedRoleId></AssumedRoleUser>
<Credentials><AccessKeyId>${fields.accessKeyId ?? 'ASIAIOSFODNN7EXAMPLE'}</AccessKeyId>
<SecretAccessKey>${fields.secretAccessKey ?? secretAccessKey}</SecretAccessKey>
<SessionToken>${fields.sessionToken ?? sessionToken}</SessionToken>
<Expiration>${fields.expiration ?? '2026-11-20T10:00:00Z'}</Expiration></Credentials>
</AssumeRoleResult><ResponseMetadata><RequestId>aws-request-1</RequestId></ResponseMetadata></AssumeRoleResponse>`
}

export const gives =
  (fields: AnswerFields = {}): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/xml', 'x-amzn-requestid': 'aws-request-1' })
    response.end(assumeRoleXml(fields))
  }

function errorXml(code: string, message: string): string {
  return `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error><RequestId>aws-request-2</RequestId></ErrorResponse>`
}

export const refuses =
  (status: number, code: string, message: string): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': 'aws-request-2' })
    response.end(errorXml(code, message))
  }

export const answers =
  (status: number, body: string, type = 'text/html'): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': type }).end(body)
  }

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
