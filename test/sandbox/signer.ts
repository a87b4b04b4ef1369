import { createHash, createHmac } from 'node:crypto'

/** What a test may get wrong on purpose. */
export interface SigningChoices {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** `YYYYMMDDTHHMMSSZ` */
  readonly date: string
  readonly scopeDate?: string
  readonly region?: string
  readonly service?: string
  readonly terminator?: string
}

interface Unsigned {
  readonly method: string
  readonly host: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

function scopeOf(choices: SigningChoices): string[] {
  const { date, scopeDate = date.slice(0, 8) } = choices
  const { region = 'eu-west-1', service = 'sts', terminator = 'aws4_request' } = choices
  return [scopeDate, region, service, terminator]
}

function signature(choices: SigningChoices, canonical: string): string {
  const scope = scopeOf(choices)
  const digest = createHash('sha256').update(canonical).digest('hex')
  const text = `AWS4-HMAC-SHA256\n${choices.date}\n${scope.join('/')}\n${digest}`
  const start: string | Buffer = `AWS4${choices.secretAccessKey}`
  const key = scope.reduce<string | Buffer>(
    (k, part) => createHmac('sha256', k).update(part).digest(),
    start,
  )
  return createHmac('sha256', key).update(text).digest('hex')
}

/** The headers of a signed request, Authorization included. All given headers are signed. */
export function signedHeaders(request: Unsigned, choices: SigningChoices): Record<string, string> {
  const { method, host, body = '', headers = {} } = request
  const all: Record<string, string> = { ...headers, host, 'x-amz-date': choices.date }
  if (choices.sessionToken !== undefined) all['x-amz-security-token'] = choices.sessionToken
  const names = Object.keys(all).sort()
  const lines = names.map((name) => `${name}:${all[name]?.trim() ?? ''}\n`).join('')
  const hash = createHash('sha256').update(body).digest('hex')
  const canonical = [method, '/', '', lines, names.join(';'), hash].join('\n')
  const credential = [choices.accessKeyId, ...scopeOf(choices)].join('/')
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature(choices, canonical)}`
  return { ...all, authorization }
}

/** The path and query of a presigned GET. */
export function presignedPath(
  host: string,
  fields: Readonly<Record<string, string>>,
  choices: SigningChoices & { readonly expires?: number },
): string {
  const encode = (value: string): string =>
    encodeURIComponent(value).replace(/[!'()*]/g, (c) =>
      `%${c.charCodeAt(0).toString(16)}`.toUpperCase(),
    )
  const all: Record<string, string> = {
    ...fields,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': [choices.accessKeyId, ...scopeOf(choices)].join('/'),
    'X-Amz-Date': choices.date,
    'X-Amz-Expires': String(choices.expires ?? 60),
    'X-Amz-SignedHeaders': 'host',
  }
  if (choices.sessionToken !== undefined) all['X-Amz-Security-Token'] = choices.sessionToken
  const query = Object.keys(all)
    .sort()
    .map((name) => `${encode(name)}=${encode(all[name] ?? '')}`)
    .join('&')
  const hash = createHash('sha256').update('').digest('hex')
  const canonical = ['GET', '/', query, `host:${host}\n`, 'host', hash].join('\n')
  return `/?${query}&X-Amz-Signature=${signature(choices, canonical)}`
}

/** `YYYYMMDDTHHMMSSZ`, so many minutes away. */
export function amzDate(from: Date, minutes = 0): string {
  const time = new Date(from.getTime() + minutes * 60_000)
  return time.toISOString().replace(/[-:]|\.\d{3}/g, '')
}
