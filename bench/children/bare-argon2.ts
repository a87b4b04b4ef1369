import { hash, verify } from '@node-rs/argon2'
import { password } from '../bench-config.ts'
import { inParallel } from '../in-parallel.ts'
import { answerParent } from './answer.ts'

/** The baseline of the local form: the library checks a password, with nothing around it. */
const known = await hash(password)
answerParent(0, async ({ operations, concurrency }) => ({
  latencies: await inParallel(Number(operations), Number(concurrency), async () => {
    if (!(await verify(known, password))) throw new Error('the right password was refused')
  }),
}))
