import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { brokerPlace } from '../../../src/cli/broker/broker-place.ts'
import { heldSurroundings } from '../held-surroundings.ts'

const wish = {
  role: 'arn:aws:iam::111111111111:role/ReadOnly',
  seconds: undefined,
  region: undefined,
}

function byTicket(named: string | undefined, home: string, platform: NodeJS.Platform = 'linux') {
  return brokerPlace(
    {
      origin: 'https://postern.corp.example',
      proof: { by: 'ticket' },
      known: undefined,
      route: { caBundle: undefined, verify: true },
    },
    wish,
    heldSurroundings({
      home,
      platform,
      env: { KRB5CCNAME: named, XDG_CACHE_HOME: join(home, 'cache') },
    }),
  )
}

describe('credentials got by a ticket', () => {
  test.for(['KCM:', 'KEYRING:persistent:1000', 'API:', 'DIR:/run/user/1000/krb5cc', '/nowhere'])(
    'are not kept where another one’s ticket in %s could not be told from it',
    (named) => {
      const home = mkdtempSync(join(tmpdir(), 'postern-place-'))
      onTestFinished(() => {
        rmSync(home, { recursive: true })
      })
      expect(byTicket(named, home)).toBeUndefined()
    },
  )

  test('are kept by the file of the ticket, and on Windows by the session', () => {
    const home = mkdtempSync(join(tmpdir(), 'postern-place-'))
    onTestFinished(() => {
      rmSync(home, { recursive: true })
    })
    const file = join(home, 'krb5cc')
    writeFileSync(file, 'one')
    const first = byTicket(`FILE:${file}`, home)?.key.text
    writeFileSync(file, 'another one')
    const second = byTicket(`FILE:${file}`, home)?.key.text
    expect(first).toBeDefined()
    expect(second).not.toBe(first)
    expect(byTicket('MSLSA:', home, 'win32')).toBeDefined()
  })
})
