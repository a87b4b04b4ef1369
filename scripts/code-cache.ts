import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DemoAuthority } from '../sandbox/pki/demo-authority.ts'
import { demoCertificates } from '../sandbox/pki/demo-certificates.ts'

/** Base name of a file of the command line, and of V8's compiled code for it. */
export type CodeCaches = Readonly<Record<string, string>>

const run = promisify(execFile)
const lasts = 3_600_000

/**
 * Compiles what one call to AWS takes, and keeps that beside the files: V8 then reads code instead of compiling it anew
 * at each start. What has run is in it too, so it is made by a real call, to a server of our own on loopback. Only the
 * Node that made it takes it, and a name that holds the digest of the file ties one to the other.
 */
export async function cacheCode(
  folder: string,
  names: readonly string[],
  start: (caches: CodeCaches, keep: boolean) => string,
): Promise<CodeCaches> {
  const keeper = join(folder, 'keep-code.cjs')
  const home = mkdtempSync(join(tmpdir(), 'postern-code-'))
  try {
    const plain = Object.fromEntries(names.map((name) => [name, `${name}.cache`]))
    writeFileSync(keeper, start(plain, true))
    await callOnce(keeper, home)
    return Object.fromEntries(
      names.map((name) => {
        const digest = createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')
        const cache = `${name.replace('.cjs', '')}-${digest.slice(0, 16)}.cache`
        renameSync(join(folder, `${name}.cache`), join(folder, cache))
        return [name, cache]
      }),
    )
  } finally {
    rmSync(keeper, { force: true })
    rmSync(home, { recursive: true })
  }
}

async function callOnce(keeper: string, home: string): Promise<void> {
  const now = new Date()
  const authority = await DemoAuthority.create(now)
  const pem = async (name: string) => {
    const plan = demoCertificates.find((known) => known.name === name)
    if (!plan) throw new Error(`no plan for ${name}`)
    return authority.issue(plan, now)
  }
  const server = await pem('server')
  const client = await pem('machine')
  const file = (name: string, text: string): string => {
    writeFileSync(join(home, name), text)
    return join(home, name)
  }
  const aws = createServer({ cert: server.certificate, key: server.key }, (request, response) => {
    request.resume().on('end', () => {
      response.writeHead(201, { 'content-type': 'application/json' }).end(answer(now))
    })
  })
  await once(aws.listen(0, '127.0.0.1'), 'listening')
  const address = aws.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    await run(
      process.execPath,
      [
        ...[keeper, 'credential-process'],
        ...['--certificate', file('client.pem', client.certificate)],
        ...['--private-key', file('client.key', client.key)],
        ...['--trust-anchor-arn', arn('trust-anchor')],
        ...['--profile-arn', arn('profile')],
        ...['--role-arn', 'arn:aws:iam::111111111111:role/ReadOnly'],
      ],
      {
        env: {
          HOME: home,
          AWS_CA_BUNDLE: file('ca.pem', (await authority.pem()).certificate),
          AWS_ENDPOINT_URL_ROLESANYWHERE: `https://localhost:${port}`,
        },
        timeout: 20_000,
      },
    )
  } finally {
    aws.closeAllConnections()
    aws.close()
  }
}

function arn(kind: string): string {
  return `arn:aws:rolesanywhere:us-east-1:111111111111:${kind}/00000000-0000-0000-0000-000000000000`
}

function answer(now: Date): string {
  const credentials = {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'of-no-use',
    sessionToken: 'of-no-use-either',
    expiration: new Date(now.getTime() + lasts).toISOString(),
  }
  return JSON.stringify({ credentialSet: [{ credentials }], subjectArn: arn('subject') })
}
