import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { matching } from '../support/matching.ts'
import { host, type KerberosBroker, startKerberosBroker } from './samba/kerberos-broker.ts'
import { requirePrograms } from './samba/require-programs.ts'
import { domain, requireSamba, type SambaDirectory, startSamba } from './samba/samba-directory.ts'
import { logOn, ticketEnvironment, tokenOf } from './samba/tickets.ts'

const run = promisify(execFile)
const runs =
  requireSamba() &&
  requirePrograms({
    '/usr/bin/kinit': 'krb5-user',
    '/usr/bin/curl': 'curl',
    '/usr/bin/krb5-config': 'libkrb5-dev',
    '/usr/bin/g++': 'g++',
    '/usr/bin/make': 'make',
  })
const role = 'arn:aws:iam::111111111111:role/ReadOnly'
const service = `HTTP@${host}`
const opened = new AsyncDisposableStack()
let samba: SambaDirectory
let broker: KerberosBroker

beforeAll(async () => {
  if (!runs) return
  samba = opened.use(await startSamba())
  broker = opened.use(await startKerberosBroker(samba))
}, 480_000)

afterAll(async () => {
  await opened.disposeAsync()
}, 60_000)

interface Said {
  readonly status: number
  readonly headers: string
  readonly body: string
}

/** curl with somebody's tickets. */
async function curl(user: string, path: string, ...options: readonly string[]): Promise<Said> {
  const at = `${host}:${broker.port}:127.0.0.1`
  const { stdout } = await run(
    'curl',
    ['-sik', '--resolve', at, ...options, broker.origin + path],
    { env: ticketEnvironment(samba, user), timeout: 30_000 },
  )
  // The last answer, after those that asked for a ticket.
  const answers = stdout.split(/^(?=HTTP\/)/m)
  const [headers = '', ...body] = (answers.at(-1) ?? '').split('\r\n\r\n')
  return { status: Number(headers.split(' ')[1]), headers, body: body.join('\r\n\r\n') }
}

const negotiate = ['--negotiate', '-u', ':']
const asked = ['-H', 'Content-Type: application/json', '-d', JSON.stringify({ role })]

function askForRole(user: string, ...how: readonly string[]): Promise<Said> {
  return curl(user, '/api/v1/role-sessions', ...how, ...asked)
}

async function lastRefusal(): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await broker.trail()).findLast(({ type }) => type === 'sign-in-refused')
}

describe('curl --negotiate', () => {
  test('gets a role session as JSON in one request', async () => {
    logOn(samba, 'bob')
    const { status, headers, body } = await askForRole('bob', ...negotiate)
    expect(status).toBe(201)
    expect(headers).toMatch(/^www-authenticate: negotiate [\w+/]+=*\r?$/im)
    expect(JSON.parse(body)).toMatchObject({
      role,
      credentials: { accessKeyId: matching(/^ASIA/) },
    })
    const events = (await broker.trail()).slice(-3)
    expect(events).toMatchObject([
      { type: 'signed-in', method: 'windows', people: 'staff', name: 'bob' },
      { type: 'role-session-requested', name: 'bob' },
      { type: 'role-session-issued', name: 'bob' },
    ])
    expect(events[0]?.['requestId']).toBe(events[2]?.['requestId'])
  })

  test('is a browser without typing', async () => {
    logOn(samba, 'alice')
    const jar = `${samba.folder}/alice.cookies`
    const from = ['-e', `${broker.origin}/sign-in`, '-c', jar]
    const { status, headers } = await curl('alice', '/sign-in/windows', ...negotiate, ...from)
    expect(status).toBe(303)
    expect(headers).toMatch(/^location: \/\r?$/im)
    expect((await curl('alice', '/', '-b', jar)).body).toContain('by Windows session')
  })

  test('is not signed in where another site sent it', async () => {
    logOn(samba, 'alice')
    for (const header of ['Sec-Fetch-Site: cross-site', 'Referer: https://evil.test/']) {
      const said = await curl('alice', '/sign-in/windows', ...negotiate, '-H', header)
      expect(said.status).toBe(303)
      expect(said.headers).toMatch(/^location: \/sign-in\r?$/im)
      expect(said.headers).not.toMatch(/^set-cookie: __Host-postern=/im)
    }
  })

  test('may be a computer', async () => {
    const config = `--configfile=${samba.folder}/etc/smb.conf`
    await run('samba-tool', [
      'user',
      'setpassword',
      'ws1$',
      `--newpassword=${domain.password}`,
      config,
    ])
    logOn(samba, 'ws1$')
    const { status, body } = await askForRole('ws1$', ...negotiate)
    expect([status, body]).toEqual([201, expect.stringContaining('accessKeyId')])
    expect((await broker.trail()).at(-1)).toMatchObject({ name: 'ws1$' })
    const page = await curl('ws1$', '/sign-in/windows', ...negotiate, '-e', broker.origin)
    expect(page.status).toBe(401)
  })
})

describe('the broker refuses', () => {
  test('a token the second time, on either face', async () => {
    logOn(samba, 'bob')
    const header = ['-H', `Authorization: Negotiate ${await tokenOf(samba, 'bob', service)}`]
    expect((await askForRole('bob', ...header)).status).toBe(201)
    expect((await askForRole('bob', ...header)).status).toBe(401)
    expect(await lastRefusal()).toMatchObject({
      code: 'kerberos_ticket',
      detail: matching(/replay/i),
    })
    const page = await curl('bob', '/sign-in/windows', ...header, '-e', broker.origin)
    expect(page.status).toBe(401)
    expect(page.body).toContain('Sign in another way.')
  })

  test('NTLM, however it is offered', async () => {
    const ntlm = 'TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAGFKAAAADw=='
    for (const scheme of ['NTLM', 'Negotiate']) {
      expect((await askForRole('bob', '-H', `Authorization: ${scheme} ${ntlm}`)).status).toBe(401)
      expect(await lastRefusal()).toMatchObject({ code: 'kerberos_ntlm' })
    }
    const password = ['--ntlm', '-u', `bob:${domain.password}`]
    for (const path of ['/api/v1/roles', '/sign-in/windows']) {
      const said = await curl('bob', path, ...password, '-e', broker.origin)
      expect(said.status).toBe(401)
    }
  })

  test('an alias that points at two people', async () => {
    logOn(samba, 'carol')
    expect((await askForRole('carol', ...negotiate)).status).toBe(401)
    expect(await lastRefusal()).toMatchObject({
      code: 'kerberos_directory',
      detail: matching(/directory_ambiguous/),
    })
  })

  test('an account that was disabled after it got its ticket', async () => {
    logOn(samba, 'leaver')
    expect((await askForRole('leaver', ...negotiate)).status).toBe(201)
    const config = `--configfile=${samba.folder}/etc/smb.conf`
    await run('samba-tool', ['user', 'disable', 'leaver', config])
    const { status, body } = await askForRole('leaver', ...negotiate)
    expect(status).toBe(401)
    expect(body).not.toMatch(/disabled|directory_/)
    expect(await lastRefusal()).toMatchObject({
      ...{ code: 'kerberos_directory', name: 'leaver' },
      detail: matching(/directory_disabled/),
    })
  })

  test('whoever is of another realm', async () => {
    await using other = await startKerberosBroker(samba, { realm: 'OTHER.EXAMPLE.TEST' })
    logOn(samba, 'bob')
    const authorization = `Authorization: Negotiate ${await tokenOf(samba, 'bob', service)}`
    const { stdout } = await run('curl', [
      ...['-sk', '-o', '/dev/null', '-w', '%{http_code}', '-H', authorization, ...asked],
      ...['--resolve', `${host}:${other.port}:127.0.0.1`, `${other.origin}/api/v1/role-sessions`],
    ])
    expect(stdout).toBe('401')
    expect((await other.trail()).at(-1)).toMatchObject({ code: 'kerberos_realm' })
  })
})

describe('a keytab', () => {
  test('that was replaced counts from the next ticket on', async () => {
    const config = `--configfile=${samba.folder}/etc/smb.conf`
    const sambaTool = (...words: readonly string[]) => run('samba-tool', [...words, config])
    await sambaTool('user', 'setpassword', 'http-web', '--newpassword=An0ther-Passw0rd!')
    logOn(samba, 'bob')
    expect((await askForRole('bob', ...negotiate)).status).toBe(401)
    expect(await lastRefusal()).toMatchObject({ code: 'kerberos_ticket' })
    const principal = `--principal=${service.replace('@', '/')}`
    await sambaTool('domain', 'exportkeytab', samba.keytab, principal)
    expect((await askForRole('bob', ...negotiate)).status).toBe(201)
  })
})
