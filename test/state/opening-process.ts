// Opens the database named on the command line, claims `shared` in it, and tells how that went.
import { BrokerError } from '../../src/errors.ts'
import { openState } from '../../src/state/open-state.ts'
import { sleep } from '../conformance/state-engines.ts'

try {
  const state = openState(`sqlite:${process.argv[2] ?? ''}`, { now: () => new Date(), sleep })
  const won = await state.claims.claim('start', 'shared', Number.MAX_SAFE_INTEGER)
  process.stdout.write(won ? 'won\n' : 'lost\n')
  await state.close()
} catch (error) {
  if (!(error instanceof BrokerError)) throw error
  process.stdout.write(`${error.name}: ${error.detail ?? error.message}\n`)
}
