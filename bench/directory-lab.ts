import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { issue, keyCertSign } from '../test/keys/test-certificates.ts'
import { MeasuredProcess } from './measured-process.ts'

export const people = Array.from({ length: 8 }, (_, index) => `person${index}`)
/** Of everybody, and of the service account, in the stub's entries. */
export const passwords = { person: 'right', service: 'service' }
export const serviceAccount = 'svc@corp.example'

/** A directory in a process of its own, which answers at once. */
export interface DirectoryLab extends AsyncDisposable {
  readonly url: string
  /** PEM file of the authority that vouches for it. */
  readonly ca: string
  /** The sign-in method `ad`, for a configuration in the same folder. */
  readonly method: object
}

export async function openDirectoryLab(
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<DirectoryLab> {
  const authority = issue({ commonName: 'CA', authority: true, keyUsage: keyCertSign })
  const server = issue({ commonName: 'localhost', issuer: authority })
  const keep = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const ca = keep('directory-ca.pem', authority.certificatePem)
  const files = [keep('dc.pem', server.certificatePem), keep('dc.key', server.keyPem)]
  keep('directory-password', passwords.service)
  const stub = await MeasuredProcess.start('ldap-stub', environment, ...files)
  const url = `ldaps://localhost:${stub.port}`
  return {
    url,
    ca,
    method: {
      id: 'ad',
      type: 'active-directory',
      people: 'staff',
      urls: [url],
      ca: '${file:directory-ca.pem}',
      baseDn: 'DC=corp,DC=example',
      realm: 'corp.example',
      groups: { as: 'sid' },
      bind: { as: 'service-account', name: serviceAccount, password: '${file:directory-password}' },
    },
    [Symbol.asyncDispose]: () => stub[Symbol.asyncDispose](),
  }
}
