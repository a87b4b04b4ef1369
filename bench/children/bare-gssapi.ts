import { loadGssapi } from '../../src/identity/kerberos/gssapi.ts'
import { importFrom } from '../../test/live/samba/kerberos-package.ts'
import { inParallel } from '../in-parallel.ts'
import { answerParent } from './answer.ts'

/** The baseline of tickets: the package accepts tokens, with nothing around it. */
const [folder = ''] = process.argv.slice(2)
const gssapi = await loadGssapi(importFrom(folder))
let prepared: readonly unknown[] = []

async function accept(token: unknown): Promise<void> {
  const server = await gssapi.initializeServer('HTTP@web.corp.example.test')
  await server.step(String(token))
  if (!server.contextComplete) throw new Error('a good token was refused')
}

answerParent(0, async ({ ask, tokens, concurrency }) => {
  if (ask === 'prepare' && Array.isArray(tokens)) {
    prepared = tokens
    return {}
  }
  return {
    latencies: await inParallel(prepared.length, Number(concurrency), (index) =>
      accept(prepared[index]),
    ),
  }
})
