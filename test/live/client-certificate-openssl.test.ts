import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openNetwork, realEffects } from '../../src/effects.ts'
import { parseCertificate } from '../../src/identity/client-certificate/parsed-certificate.ts'
import { listStatus } from '../../src/identity/client-certificate/revocation/list-status.ts'
import { createOcspClient } from '../../src/identity/client-certificate/revocation/ocsp-client.ts'
import { readRevocationList } from '../../src/identity/client-certificate/revocation/revocation-list.ts'
import { type DemoSignIn, demoSignIn } from '../support/certificates/demo-sign-in.ts'
import { requireCommand } from '../support/require-command.ts'

const [openssl = 'openssl'] = requireCommand('openssl', 'openssl')

let demo: DemoSignIn
beforeAll(async () => {
  demo = await demoSignIn()
  await writeFile(join(demo.folder, 'index.txt'), index())
  await writeFile(join(demo.folder, 'number'), '01\n')
  await writeFile(
    join(demo.folder, 'ca.cnf'),
    '[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\n',
  )
})

afterAll(async () => {
  await demo.close()
})

/** OpenSSL's database of what an authority issued; bob's certificate is not in it. */
function index(): string {
  const day = '301231000000Z'
  return ['alice', 'revoked']
    .map((name) => {
      const { serialNumber } = new X509Certificate(holder(name))
      const revoked = name === 'revoked' ? 'R\t' + day + '\t250101000000Z' : 'V\t' + day + '\t'
      return `${revoked}\t${serialNumber}\tunknown\t/CN=${name}\n`
    })
    .join('')
}

const holder = (name: string) => demo.pki.certificates.get(name)?.certificate ?? ''
const parsed = (pem: string) => parseCertificate(new X509Certificate(pem).raw)

function run(...args: readonly string[]): void {
  execFileSync(openssl, args, { cwd: demo.folder, stdio: 'pipe' })
}

/** An OCSP responder whose every answer OpenSSL makes. */
async function responder(...more: readonly string[]): Promise<string> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      void writeFile(join(demo.folder, 'asked.der'), Buffer.concat(pieces)).then(() => {
        const key = ['-rsigner', 'ca.pem', '-rkey', 'ca.key', '-CA', 'ca.pem']
        run(
          'ocsp',
          '-index',
          'index.txt',
          ...key,
          '-reqin',
          'asked.der',
          '-respout',
          'said.der',
          ...more,
        )
        response.end(readFileSync(join(demo.folder, 'said.der')))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}/`
}

describe('an OCSP answer of OpenSSL', () => {
  async function ask(name: string, nonce: 'required' | 'optional', ...more: readonly string[]) {
    const network = openNetwork()
    onTestFinished(async () => network.close())
    const settings = {
      url: await responder(...more),
      authorities: [],
      timeout: 10_000,
      nonce,
    } as const
    const client = createOcspClient(settings, realEffects(network))
    return client.ask(parsed(holder(name)), parsed(demo.pki.authority))
  }

  test.each([
    ['alice', { is: 'good' }],
    ['revoked', { is: 'revoked' }],
    ['bob', { is: 'unknown', isFinal: true }],
  ])('about %s is understood', async (name, expected) => {
    expect(await ask(name, 'required')).toMatchObject(expected)
    expect(await ask(name, 'required', '-ndays', '1')).toMatchObject(expected)
  })

  test('is refused when its signature is by SHA-1', async () => {
    expect(await ask('alice', 'required', '-rmd', 'sha1')).toMatchObject({ is: 'unknown' })
  })
})

test('a revocation list of OpenSSL is understood', async () => {
  run(
    'ca',
    '-config',
    'ca.cnf',
    '-gencrl',
    '-crldays',
    '1',
    '-keyfile',
    'ca.key',
    '-cert',
    'ca.pem',
    '-out',
    'own.crl',
  )
  run('crl', '-in', 'own.crl', '-outform', 'der', '-out', 'own.der')
  const list = await readRevocationList(readFileSync(join(demo.folder, 'own.der')))
  const status = (name: string) =>
    listStatus(parsed(holder(name)), parsed(demo.pki.authority), [list], new Date()).is
  expect(status('alice')).toBe('good')
  expect(status('revoked')).toBe('revoked')
})
