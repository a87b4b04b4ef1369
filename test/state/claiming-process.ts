// Claims c-0, c-1, ... (`down`: from the last) in the database named on the command line once its standard input ends,
// and writes a line for each claim that it was given. Rests between them, so that another process has its turn.
import { text } from 'node:stream/consumers'
import { openState } from '../../src/state/open-state.ts'
import { sleep } from '../conformance/state-engines.ts'

const [, , path = '', claims = '0', direction] = process.argv
const last = Number(claims) - 1
const state = openState(`sqlite:${path}`, { now: () => new Date(), sleep })

async function claim(index: number): Promise<void> {
  const id = `c-${direction === 'down' ? last - index : index}`
  const won = await state.claims.claim('race', id, Number.MAX_SAFE_INTEGER)
  if (won) process.stdout.write(`${id}\n`)
}

process.stdout.write('ready\n')
await text(process.stdin)
for (let next = 0; next <= last; next += 10) {
  await Promise.all(Array.from({ length: 10 }, (_, index) => claim(next + index)))
  await sleep(1)
}
await state.close()
