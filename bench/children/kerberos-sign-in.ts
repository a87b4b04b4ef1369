import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { createDirectory } from '../../src/identity/directory/directory.ts'
import { createKerberosSignIn } from '../../src/identity/kerberos/kerberos-sign-in.ts'
import { openState } from '../../src/state/open-state.ts'
import {
  apReqToken,
  mechanisms,
  negotiate,
  negTokenInit,
} from '../../test/identity/kerberos/tokens.ts'
import { passwords, people, serviceAccount } from '../directory-lab.ts'
import { inParallel } from '../in-parallel.ts'
import { answerParent } from './answer.ts'

/**
 * Sign-in by tickets, with everything but GSSAPI, which would need a domain: the token is read, claimed in a database on
 * the disk, and whom it names is looked up in the directory.
 */
const [url = '', ca = '', database = ''] = process.argv.slice(2)
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
    realm: 'corp.example',
    netbiosDomain: undefined,
    groups: { as: 'sid' },
    timeouts: { connect: 3_000, answer: 5_000 },
  },
  throttle: { admit: () => Promise.resolve(true), succeeded: () => Promise.resolve() },
  effects,
})
let accepted = 0
const signIn = createKerberosSignIn({
  settings: { ...common, service: 'HTTP@aws.corp.example', realm: 'CORP.EXAMPLE' },
  directory,
  claims,
  effects,
  load: () =>
    Promise.resolve({
      initializeServer: () =>
        Promise.resolve({
          username: `${people[(accepted += 1) % people.length] ?? ''}@CORP.EXAMPLE`,
          response: null,
          contextComplete: true,
          step: () => Promise.resolve(null),
        }),
    }),
})
let prepared: readonly string[] = []

/** As large as a ticket with the groups of an employee in it. */
function freshToken(): string {
  const token = apReqToken(randomBytes(4_096).toString('hex'))
  return negotiate(negTokenInit([mechanisms.krb5], token))
}

answerParent(0, async ({ ask, operations, concurrency }) => {
  if (ask === 'prepare') {
    prepared = Array.from({ length: Number(operations) }, freshToken)
    return {}
  }
  const latencies = await inParallel(prepared.length, Number(concurrency), async (index) => {
    await signIn.verify(prepared[index])
  })
  return { latencies }
})
