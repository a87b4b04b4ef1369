import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type CertificateLab, certificateLab } from '../../support/certificates/certificate-lab.ts'
import { type AnswerPlan, ocspAnswer } from '../../support/certificates/ocsp-responder.ts'
import {
  aroundNow,
  type Held,
  ownAuthority,
  type OwnAuthority,
} from '../../support/certificates/own-authority.ts'
import { tlsAsk } from '../../support/certificates/tls-ask.ts'
import { freePort } from '../../support/free-port.ts'

const hours = (count: number) => new Date(Date.now() + count * 3_600_000)
let authority: OwnAuthority
let alice: Held
beforeAll(async () => {
  authority = await ownAuthority()
  alice = await authority.issue({ serial: '0a11ce' })
})

interface Ways {
  /** DER of the list. */
  readonly list?: Buffer
  readonly url?: string
  readonly responder?: string
  readonly failPolicy?: 'hard' | 'soft'
}

function lab({ list, url, responder, failPolicy = 'hard' }: Ways): Promise<CertificateLab> {
  return certificateLab({
    config: () => ({ operations: { port: 0 } }),
    method: (folder) => {
      if (list) writeFileSync(join(folder, 'own.crl'), list)
      return {
        ...authority.trusted(folder),
        revocation: {
          lists: [...(list ? [{ file: join(folder, 'own.crl') }] : []), ...(url ? [{ url }] : [])],
          responders: responder ? [{ url: responder, timeout: '1s' }] : [],
          failPolicy,
        },
      }
    },
  })
}

async function askAlice(postern: CertificateLab): Promise<unknown> {
  const answer = await postern.ask('/api/v1/me', undefined, { certificate: alice })
  return answer.status === 200 ? 'let in' : postern.trail.at(-1)?.code
}

/** A server of lists or answers on loopback, and how often it was asked. */
async function serve(answer: (request: Buffer) => Buffer | undefined) {
  const asked = { times: 0 }
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      asked.times += 1
      const body = answer(Buffer.concat(pieces))
      response.writeHead(body ? 200 : 500).end(body)
    })
  })
  const { promise, resolve } = Promise.withResolvers<undefined>()
  server.listen(0, '127.0.0.1', () => {
    resolve(undefined)
  })
  await promise
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { asked, url: `http://127.0.0.1:${address.port}/` }
}

async function ready({ main }: CertificateLab): Promise<number> {
  return (await tlsAsk(`${main}/readyz`)).status
}

describe('a revocation list', () => {
  test('revokes, and clears whom it does not name', async () => {
    const revoking = await authority.root.list({ ...aroundNow(), revoked: ['0a11ce'] })
    const clearing = await authority.root.list({ ...aroundNow(), revoked: ['0b0b'] })
    expect(await askAlice(await lab({ list: revoking }))).toBe('certificate_revoked')
    expect(await askAlice(await lab({ list: clearing }))).toBe('let in')
  })

  test('that is stale refuses everybody or warns, as the policy has it, and still revokes', async () => {
    const past = { from: hours(-48), to: hours(-1) }
    const stale = await authority.root.list(past)
    const refusing = await lab({ list: stale })
    expect(await askAlice(refusing)).toBe('certificate_revocation_unknown')
    expect(refusing.logger.text()).toContain('ALARM: a revocation list needs to be renewed')
    const lenient = await lab({ list: stale, failPolicy: 'soft' })
    expect(await askAlice(lenient)).toBe('let in')
    expect(lenient.logger.text()).toContain('a certificate is accepted unchecked')
    const revoking = await authority.root.list({ ...past, revoked: ['0a11ce'] })
    expect(await askAlice(await lab({ list: revoking, failPolicy: 'soft' }))).toBe(
      'certificate_revoked',
    )
  })

  test('of somebody with the authority’s name counts for nothing', async () => {
    const namesake = await ownAuthority()
    const list = await namesake.root.list(aroundNow())
    expect(await askAlice(await lab({ list }))).toBe('certificate_revocation_unknown')
  })

  test('is fetched from its address, and read again on demand', async () => {
    let list = await authority.root.list(aroundNow())
    const { url } = await serve(() => list)
    const postern = await lab({ url })
    expect(await askAlice(postern)).toBe('let in')
    list = await authority.root.list({
      ...aroundNow(),
      from: hours(-0.5),
      revoked: ['0a11ce'],
    })
    await postern.postern.certificates.reload()
    expect(await askAlice(postern)).toBe('certificate_revoked')
    // An attacker in between could play the former one back.
    list = await authority.root.list(aroundNow())
    await postern.postern.certificates.reload()
    expect(await askAlice(postern)).toBe('certificate_revoked')
  })

  test('that can not be had leaves the start alone, shows to operators, and refuses', async () => {
    const postern = await lab({ url: `http://127.0.0.1:${await freePort()}/` })
    expect(await askAlice(postern)).toBe('certificate_revocation_unknown')
    const text = await postern.operations('/metrics')
    expect(text).toMatch(/postern_revocation_list_next_update_timestamp_seconds\{[^}]*\} 0/)
    expect(text).toMatch(
      /postern_certificate_refusals_total\{[^}]*code="certificate_revocation_unknown"[^}]*\} 1/,
    )
    // There is another way in, so the instance stays in service.
    expect(await ready(postern)).toBe(200)
    expect(await postern.operations('/readyz')).toContain('is missing')
  })

  test('that is missing turns traffic away where there is no other way in', async () => {
    const postern = await certificateLab({
      config: (folder) => ({
        signIn: [
          {
            ...{ id: 'card', type: 'client-certificate', people: 'staff' },
            ...authority.trusted(folder),
            revocation: { lists: [{ url: 'http://127.0.0.1:9/' }] },
            proxy: { format: 'nginx', addresses: ['127.0.0.1'], secret: '${file:secret}' },
          },
        ],
      }),
      files: { secret: 'the-secret-between-proxy-and-postern' },
    })
    expect(await ready(postern)).toBe(503)
  })
})

describe('an OCSP responder', () => {
  const answering = (plan: Partial<AnswerPlan>) =>
    serve((request) => ocspAnswer(request, { key: authority.root.key, ...plan }, new Date()))

  test.each([
    ['good', 'let in'],
    ['revoked', 'certificate_revoked'],
    ['unknown', 'certificate_revocation_unknown'],
  ] as const)('that says %s: %s', async (status, outcome) => {
    const { url, asked } = await answering({ status })
    expect(await askAlice(await lab({ responder: url }))).toBe(outcome)
    expect(asked.times).toBe(1)
  })

  test('that does not answer refuses, or warns with the soft policy', async () => {
    const broken = await serve(() => undefined)
    const gone = `http://127.0.0.1:${await freePort()}/`
    for (const responder of [broken.url, gone]) {
      expect(await askAlice(await lab({ responder }))).toBe('certificate_revocation_unknown')
      expect(await askAlice(await lab({ responder, failPolicy: 'soft' }))).toBe('let in')
    }
  })

  test('that is not the authority’s says nothing', async () => {
    const namesake = await ownAuthority()
    const { url } = await answering({ key: namesake.root.key })
    expect(await askAlice(await lab({ responder: url }))).toBe('certificate_revocation_unknown')
  })
})
