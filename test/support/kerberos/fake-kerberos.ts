import { DirectoryRefusal } from '../../../src/identity/directory/directory-fault.ts'
import type { Directory } from '../../../src/identity/directory/directory.ts'
import type { GssServer, Gssapi } from '../../../src/identity/kerberos/gssapi.ts'
import { readNegotiateToken } from '../../../src/identity/kerberos/negotiate-token.ts'
import { apReqToken, mechanisms, negotiate, negTokenInit } from '../../identity/kerberos/tokens.ts'

let made = 0

/** The Authorization of a client with a ticket for a principal. The fake reads the principal out of its authenticator. */
export function ticketOf(principal: string): string {
  made += 1
  const cipher = Buffer.from(`${made} ${principal}`).toString('hex')
  return negotiate(negTokenInit([mechanisms.krb5], apReqToken(cipher)))
}

/** GSSAPI with a key for one service, which finds every ticket good but those for `forged`. */
export class FakeGssapi implements Gssapi {
  readonly seen: string[] = []
  service = 'HTTP@127.0.0.1'

  initializeServer(service: string): Promise<GssServer> {
    if (service !== this.service) return Promise.reject(new Error(`No key table entry: ${service}`))
    const { seen } = this
    let username: string | null = null
    return Promise.resolve({
      step(token) {
        seen.push(token)
        const { authenticator } = readNegotiateToken(`Negotiate ${token}`)
        const principal = authenticator.toString().replace(/^\d+ /, '')
        if (principal.startsWith('forged')) return Promise.reject(new Error('Bad integrity'))
        username = principal
        return Promise.resolve(null)
      },
      get username() {
        return username
      },
      response: 'bXV0dWFs',
      get contextComplete() {
        return username !== null
      },
    })
  }
}

/** A directory of readers, in which `leaver` is disabled, `carol` means two people, and names with `$` are computers. */
export const fakeDirectory: Pick<Directory, 'lookUp'> = {
  lookUp(key, { machines = false }) {
    const account = key.by === 'name' ? (key.account ?? key.principal ?? '') : ''
    if (account === 'leaver') return refuse('directory_disabled', account)
    if (account === 'carol') return refuse('directory_ambiguous')
    if (account === 'nobody' || (account.endsWith('$') && !machines)) {
      return refuse('directory_no_such_person')
    }
    return Promise.resolve({
      dn: `CN=${account},DC=corp,DC=example`,
      id: `id-of-${account}`,
      account,
      sid: undefined,
      displayName: undefined,
      email: undefined,
      groups: ['readers'],
      attributes: {},
    })
  },
}

function refuse(
  refusal: 'directory_disabled' | 'directory_ambiguous' | 'directory_no_such_person',
  account?: string,
): Promise<never> {
  return Promise.reject(new DirectoryRefusal(refusal, undefined, account))
}
