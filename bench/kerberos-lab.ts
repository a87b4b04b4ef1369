import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { kerberosFolder } from '../test/live/samba/kerberos-package.ts'
import { whatIsMissing } from '../test/live/samba/require-programs.ts'
import {
  domain,
  sambaNeeds,
  sambaPrograms,
  startSamba,
} from '../test/live/samba/samba-directory.ts'
import { MeasuredProcess } from './measured-process.ts'

const programs = {
  ...sambaPrograms,
  '/usr/bin/kinit': 'krb5-user',
  '/usr/bin/krb5-config': 'libkrb5-dev',
  '/usr/bin/g++': 'g++',
}

/** A domain with a ticket of alice's for `HTTP@web.corp.example.test`, and the package that accepts it. */
export interface KerberosLab extends AsyncDisposable {
  /** With the keytab, the ticket, and where replays are kept. */
  readonly environment: NodeJS.ProcessEnv
  /** Where the package kerberos is installed. */
  readonly folder: string
  tokens(count: number): Promise<readonly string[]>
}

/** Undefined where Samba and MIT Kerberos are not at hand. */
export async function openKerberosLab(
  environment: NodeJS.ProcessEnv,
): Promise<KerberosLab | undefined> {
  if (whatIsMissing(programs, sambaNeeds).length > 0) return undefined
  await using opened = new AsyncDisposableStack()
  const folder = await kerberosFolder()
  const samba = opened.use(await startSamba())
  const all = {
    ...environment,
    KRB5_CONFIG: samba.krb5Config,
    KRB5_KTNAME: samba.keytab,
    KRB5CCNAME: join(samba.folder, 'tickets-of-alice'),
    KRB5RCACHENAME: `file2:${join(samba.folder, 'replays')}`,
  }
  const input = `${domain.password}\n`
  const { status } = spawnSync('/usr/bin/kinit', ['alice'], {
    env: all,
    input,
    timeout: 20_000,
    killSignal: 'SIGKILL',
  })
  if (status !== 0) throw new Error('kinit failed')
  const client = opened.use(await MeasuredProcess.start('kerberos-tokens', all, folder))
  const owned = opened.move()
  return {
    environment: all,
    folder,
    tokens: async (count) => (await client.ask<{ tokens: string[] }>({ count })).tokens,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
