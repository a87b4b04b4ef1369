// Claims c-0, c-1, ... in the database named on the command line once its standard input ends, and writes a line for
// each claim that it was given.
import { text } from 'node:stream/consumers'
import { openState } from '../../src/state/open-state.ts'
import { sleep } from '../conformance/state-engines.ts'

const [, , path = '', claims = '0'] = process.argv
const state = openState(`sqlite:${path}`, { now: () => new Date(), sleep })

async function claim(id: string): Promise<void> {
  const won = await state.claims.claim('race', id, Number.MAX_SAFE_INTEGER)
  if (won) process.stdout.write(`${id}\n`)
}

process.stdout.write('ready\n')
await text(process.stdin)
for (let next = 0; next < Number(claims); next += 10) {
  await Promise.all(Array.from({ length: 10 }, (_, index) => claim(`c-${next + index}`)))
}
await state.close()
