import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { createDirectory } from '../../src/identity/directory/directory.ts'
import { type Gssapi, loadGssapi } from '../../src/identity/kerberos/gssapi.ts'
import { createKerberosSignIn } from '../../src/identity/kerberos/kerberos-sign-in.ts'
import { openState } from '../../src/state/open-state.ts'
import { apReqToken, mechanisms, negTokenInit } from '../../test/identity/kerberos/tokens.ts'
import { importFrom } from '../../test/live/samba/kerberos-package.ts'
import { passwords, serviceAccount } from '../directory-lab.ts'
import { inParallel } from '../in-parallel.ts'
import { answerParent } from './answer.ts'

/**
 * Sign-in by tickets: the token is read, accepted, claimed in a database on the disk, and whom it names is looked up in the
 * directory. Without the folder of the package kerberos, a stand-in accepts, because the real one needs a domain.
 */
const [url = '', ca = '', database = '', folder] = process.argv.slice(2)
const sleep = async (milliseconds: number): Promise<void> => delay(milliseconds)
const effects = { now: () => new Date(), randomBytes, sleep }
const { claims } = openState(`sqlite:${database}`, effects)
const common = { id: 'ad', label: 'Windows', people: 'staff', attributes: [] }
const directory = createDirectory({
  settings: {
    ...common,
    preset: 'active-directory',
    urls: [url],
    startTls: false,
    ca: readFileSync(ca, 'utf8'),
    bind: {
      kind: 'service-account',
      name: serviceAccount,
      password: { reveal: () => passwords.service },
    },
    baseDn: 'DC=corp,DC=example',
    realm: 'corp.example.test',
    netbiosDomain: undefined,
    groups: { as: 'sid' },
    timeouts: { connect: 3_000, answer: 5_000 },
  },
  throttle: { admit: () => Promise.resolve(true), succeeded: () => Promise.resolve() },
  effects,
})
const standIn: Gssapi = {
  initializeServer: () =>
    Promise.resolve({
      username: 'alice@CORP.EXAMPLE.TEST',
      response: null,
      contextComplete: true,
      step: () => Promise.resolve(null),
    }),
}
const signIn = createKerberosSignIn({
  settings: { ...common, service: 'HTTP@web.corp.example.test', realm: 'CORP.EXAMPLE.TEST' },
  directory,
  claims,
  effects,
  load: () => (folder === undefined ? Promise.resolve(standIn) : loadGssapi(importFrom(folder))),
})
let prepared: readonly unknown[] = []

/** As large as a ticket with the groups of an employee in it. */
function madeUpToken(): string {
  const token = apReqToken(randomBytes(4_096).toString('hex'))
  return negTokenInit([mechanisms.krb5], token).toString('base64')
}

answerParent(0, async ({ ask, tokens, operations, concurrency }) => {
  if (ask === 'prepare') {
    const count = { length: Number(operations) }
    prepared = Array.isArray(tokens) ? tokens : Array.from(count, madeUpToken)
    return {}
  }
  const latencies = await inParallel(prepared.length, Number(concurrency), async (index) => {
    await signIn.verify(`Negotiate ${String(prepared[index])}`)
  })
  return { latencies }
})
