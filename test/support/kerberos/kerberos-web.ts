import type { Gssapi } from '../../../src/identity/kerberos/gssapi.ts'
import { createKerberosSignIn } from '../../../src/identity/kerberos/kerberos-sign-in.ts'
import { kerberosWay } from '../../../src/web/kerberos/kerberos-way.ts'
import { createSignInRecord } from '../../../src/web/sign-in-record.ts'
import { startWeb, type WebApp, type WebOptions } from '../web-app.ts'
import { fakeDirectory, FakeGssapi } from './fake-kerberos.ts'

export interface KerberosWebOptions extends WebOptions {
  readonly automatic?: boolean
  readonly machines?: boolean
  readonly gssapi?: () => Promise<Gssapi>
}

export interface KerberosWeb {
  readonly web: WebApp
  readonly gssapi: FakeGssapi
}

/** The web face with the method `windows`, which takes tickets of CORP.EXAMPLE, before the local form. */
export async function startKerberosWeb(options: KerberosWebOptions = {}): Promise<KerberosWeb> {
  const gssapi = new FakeGssapi()
  const { automatic = false, machines = false } = options
  const web = await startWeb({
    ...options,
    dependencies(built, { state, effects }) {
      const signIn = createKerberosSignIn({
        settings: {
          id: 'windows',
          label: 'Windows session',
          people: 'staff',
          service: 'HTTP@127.0.0.1',
          realm: 'CORP.EXAMPLE',
        },
        directory: fakeDirectory,
        claims: state.claims,
        effects,
        load: options.gssapi ?? (() => Promise.resolve(gssapi)),
      })
      const kerberos = { ...signIn, automatic, machines }
      return {
        kerberos,
        signInOrder: ['windows', 'local'],
        apiWays: [kerberosWay(kerberos, built.metrics, createSignInRecord(built))],
      }
    },
  })
  return { web, gssapi }
}
