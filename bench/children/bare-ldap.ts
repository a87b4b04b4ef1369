import { readFileSync } from 'node:fs'
import { Client, EqualityFilter } from 'ldapts'
import { passwords, people, serviceAccount } from '../directory-lab.ts'
import { inParallel } from '../in-parallel.ts'
import { answerParent } from './answer.ts'

/** The baseline of directories: the library's own binds and searches, as many as a sign-in makes, and nothing around them. */
const [url = '', authority = ''] = process.argv.slice(2)
const ca = readFileSync(authority)
const base = 'DC=corp,DC=example'

async function connected(work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ url, tlsOptions: { ca } })
  try {
    await client.bind(serviceAccount, passwords.service)
    await work(client)
  } finally {
    await client.unbind()
  }
}

async function find(client: Client, name: string): Promise<string> {
  const filter = new EqualityFilter({ attribute: 'sAMAccountName', value: name })
  const { searchEntries } = await client.search(base, { filter, sizeLimit: 2 })
  const [entry] = searchEntries
  if (!entry) throw new Error(`${name} was not found`)
  return entry.dn
}

const read = (client: Client, dn: string) => client.search(dn, { scope: 'base' })

/** By password: found, looked at before the try, bound as, read. */
const signIn = (name: string): Promise<void> =>
  connected(async (client) => {
    const dn = await find(client, name)
    await read(client, dn)
    await client.bind(dn, passwords.person)
    await client.bind(serviceAccount, passwords.service)
    await read(client, dn)
  })

const lookUp = (name: string): Promise<void> =>
  connected(async (client) => {
    await read(client, await find(client, name))
  })

answerParent(0, async ({ work, operations, concurrency }) => ({
  latencies: await inParallel(Number(operations), Number(concurrency), (index) =>
    (work === 'sign-in' ? signIn : lookUp)(people[index % people.length] ?? ''),
  ),
}))
