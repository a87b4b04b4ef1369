import { mkdtempSync, rmSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoEnvironment } from '../test/support/broker-process.ts'
import { Browser } from '../test/support/browser.ts'
import { freePort } from '../test/support/free-port.ts'
import { password, writeBenchConfig } from './bench-config.ts'
import { atOnce, compare, type Comparison, costHead, inChild, type Side } from './comparison.ts'
import { type DirectoryLab, openDirectoryLab, passwords, people } from './directory-lab.ts'
import { type Goal, print, printTable } from './goals.ts'
import { inParallel } from './in-parallel.ts'
import { type KerberosLab, openKerberosLab } from './kerberos-lab.ts'
import { MeasuredProcess } from './measured-process.ts'

/** Starts a child that ends with the benchmark. */
type Start = (child: string, ...argv: string[]) => Promise<MeasuredProcess>

/** Sign-ins by each method, each beside the library that it stands on. SAML has a part of its own. */
export async function benchSignIn(): Promise<readonly Goal[]> {
  await using opened = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-sign-in-'))
  opened.defer(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const environment = demoEnvironment()
  const directory = opened.use(await openDirectoryLab(folder, environment))
  const agent = opened.adopt(new Agent({ keepAlive: true, maxSockets: 64 }), (open) => {
    open.destroy()
  })
  const start: Start = async (child, ...argv) =>
    opened.use(await MeasuredProcess.start(child, environment, ...argv))

  const results = [
    ...(await forms(folder, directory, agent, start)),
    await ticketsWithoutGssapi(folder, directory, start),
    await certificates(folder, start),
  ]
  await using domain = await openKerberosLab(environment)
  if (domain) results.push(await tickets(folder, directory, domain))
  print(`## Sign-ins by method, ${atOnce} at once`)
  print()
  printTable(
    costHead,
    results.flatMap(({ rows }) => rows),
  )
  if (!domain) print('Real tickets were not measured: Samba and MIT Kerberos are not at hand.\n')
  return results.map(({ goal }) => goal)
}

type Result = Awaited<ReturnType<typeof compare>>

async function forms(
  folder: string,
  directory: DirectoryLab,
  agent: Agent,
  start: Start,
): Promise<readonly Result[]> {
  const aws = 'http://localhost:9'
  const config = await writeBenchConfig(folder, await freePort(), aws, [directory.method])
  const broker = await start('broker', config)
  const byForm = (name: string, method: string, names: readonly string[], typed: string): Side => ({
    name,
    process: broker,
    run: (operations) =>
      inParallel(operations, atOnce, async (index) => {
        const fields = { username: names[index % names.length] ?? '', password: typed }
        const visitor = new Browser(broker.url, agent)
        const { status } = await visitor.submit('/sign-in', `/sign-in/${method}`, fields)
        if (status !== 303) throw new Error(`signing in by ${method} answered ${status}`)
      }),
  })
  const users = Array.from({ length: 8 }, (_, index) => `user${index}`)
  const ldap = await start('bare-ldap', directory.url, directory.ca)
  const comparisons: readonly Comparison[] = [
    {
      base: inChild('argon2id alone', await start('bare-argon2')),
      ours: byForm('local form', 'local', users, password),
      operations: 120,
      atMost: 1.75,
    },
    {
      base: inChild('ldapts, 3 binds and 3 searches', ldap, 'sign-in'),
      ours: byForm('Active Directory, form', 'ad', people, passwords.person),
      operations: 240,
      atMost: 3,
    },
  ]
  const results: Result[] = []
  for (const comparison of comparisons) results.push(await compare(comparison))
  return results
}

async function ticketsWithoutGssapi(
  folder: string,
  { url, ca }: DirectoryLab,
  start: Start,
): Promise<Result> {
  const child = await start('kerberos-sign-in', url, ca, join(folder, 'stand-in.db'))
  return await compare({
    base: inChild('ldapts, 1 bind and 2 searches', await start('bare-ldap', url, ca), 'look-up'),
    ours: {
      ...inChild('Kerberos, without GSSAPI', child),
      prepare: (operations) => child.ask({ ask: 'prepare', operations }),
    },
    operations: 240,
    atMost: 2,
  })
}

async function tickets(
  folder: string,
  { url, ca }: DirectoryLab,
  domain: KerberosLab,
): Promise<Result> {
  const start = (child: string, ...argv: string[]): Promise<MeasuredProcess> =>
    MeasuredProcess.start(child, domain.environment, ...argv)
  await using bare = await start('bare-gssapi', domain.folder)
  const database = join(folder, 'tickets.db')
  await using whole = await start('kerberos-sign-in', url, ca, database, domain.folder)
  const withTokens = (side: Side): Side => ({
    ...side,
    prepare: async (operations) =>
      side.process.ask({ ask: 'prepare', tokens: await domain.tokens(operations) }),
  })
  return await compare({
    base: withTokens(inChild('GSSAPI alone', bare)),
    ours: withTokens(inChild('Kerberos', whole)),
    operations: 240,
    atMost: 20,
  })
}

async function certificates(folder: string, start: Start): Promise<Result> {
  const child = await start('certificate-sign-in', folder)
  return await compare({
    base: inChild('X509Certificate, a chain of 3', child, 'bare'),
    ours: inChild('client certificate, with lists', child, 'ours'),
    operations: 2_000,
    atMost: 2.5,
  })
}
