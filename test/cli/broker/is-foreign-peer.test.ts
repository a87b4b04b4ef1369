import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { handOver } from '../../../src/cli/broker/hand-over.ts'
import { ownersIn } from '../../../src/cli/broker/is-foreign-peer.ts'
import { listenForReturn } from '../../../src/cli/broker/sign-in/return-listener.ts'
import { heldSurroundings } from '../held-surroundings.ts'
import { brokerLab } from './broker-lab.ts'

const run = promisify(execFile)
const nobody = 65_534
// Only root can be two users.
const isRoot = process.platform === 'linux' && process.getuid?.() === 0

async function status(url: string, uid?: number): Promise<string> {
  const args = ['--silent', '--output', '/dev/null', '--write-out', '%{http_code}', url]
  const { stdout } = await run('curl', args, uid === undefined ? {} : { uid, gid: uid })
  return stdout
}

describe.runIf(isRoot)('another user, who reads the arguments of the browser', () => {
  test('gets no sign-in URL, and the browser still does', async () => {
    const lab = await brokerLab()
    const { home } = lab
    const other = `setpriv --reuid ${nobody} --clear-groups`
    const ask = `curl --silent --output /dev/null --write-out '%{http_code} '`
    const BROWSER = lab.file(
      'browser.sh',
      `#!/bin/sh\n${other} ${ask} "$1" > ${home}/asked\n${ask} "$1" >> ${home}/asked\n`,
      0o755,
    )
    const url = 'https://signin.aws.amazon.com/federation?SigninToken=x'
    expect(await handOver(url, heldSurroundings({ env: { BROWSER } }))).toBe(true)
    const { stdout } = await run('sh', ['-c', `sleep 0.2; cat ${home}/asked`])
    expect(stdout).toBe('404 303 ')
  })

  test('can’t send an answer of their own to a sign-in', async () => {
    const state = 'x'.repeat(43)
    await using listener = await listenForReturn(state, 'https://postern.corp.example')
    const query = new URLSearchParams({
      state,
      iss: 'https://postern.corp.example',
      code: 'theirs',
    })
    const url = `${listener.redirectUri}?${query.toString()}`
    expect(await status(url, nobody)).toBe('404')
    query.set('code', 'ours')
    const own = status(`${listener.redirectUri}?${query.toString()}`)
    expect(await listener.code).toBe('ours')
    listener.finish(true)
    expect(await own).toBe('200')
  })
})

test('the owner of a connection is found by its two ports, in either table', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 1 1 0000000000000000 20 4 30 10 -1
   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 02:000005A0 00000000  1001        0 2 1 0000000000000000 20 4 30 10 -1
   2: 0000000000000000FFFF00000100007F:C351 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000  1002        0 3 1 0
`
  expect(ownersIn(table, 50_000, 8080)).toEqual([1001])
  expect(ownersIn(table, 50_001, 8080)).toEqual([1002])
  expect(ownersIn(table, 50_002, 8080)).toEqual([])
})
