import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { required } from 'zod/mini'
import {
  deviceAnswer,
  errorAnswer,
  meAnswer,
  roleSessionAnswer,
  rolesAnswer,
  tokenAnswer,
} from '../../../src/contract/answers.ts'
import { tokenOrder } from '../../../src/contract/orders.ts'
import { installed } from '../../support/require-command.ts'
import { approve, signedInTerminal, startDevice } from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/api.md'), 'utf8')

function blocks(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  )
}

test('every example of the page runs as it stands, and gets what it should', async (context) => {
  if (installed('curl').length === 0) context.skip('needs curl')
  const web = await startWeb()
  const held = await signedInTerminal(web)
  const waiting = await startDevice(web)
  await approve(web, waiting.user_code)
  const env = {
    ...process.env,
    POSTERN: web.origin,
    ACCESS_TOKEN: held.access_token,
    REFRESH_TOKEN: held.refresh_token,
    DEVICE_CODE: waiting.device_code,
  }
  const answers = [
    meAnswer,
    rolesAnswer,
    roleSessionAnswer,
    deviceAnswer,
    tokenAnswer,
    tokenAnswer,
    z.strictObject({}),
  ]
  const examples = blocks('sh')
  expect(examples).toHaveLength(answers.length)
  for (const [at, example] of examples.entries()) {
    const { stdout } = await promisify(execFile)('bash', ['-c', `${example.trim()} -sS`], { env })
    const parsed = answers[at]?.safeParse(JSON.parse(stdout))
    expect(parsed?.error, `${example}\n${stdout}`).toBeUndefined()
  }
})

test('every body of the page is one of the contract', () => {
  const kinds = z.union([
    meAnswer,
    roleSessionAnswer,
    deviceAnswer,
    tokenAnswer,
    tokenOrder,
    required(errorAnswer, { request_id: true }),
  ])
  const bodies = blocks('json')
  expect(bodies).toHaveLength(6)
  for (const body of bodies) {
    const text = body
      .replace('"pna_..."', `"${'a'.repeat(43)}"`)
      .replace('"pnr_..."', `"${'a'.repeat(43)}"`)
      .replace('"code_verifier": "..."', `"code_verifier": "${'a'.repeat(43)}"`)
    expect(kinds.safeParse(JSON.parse(text)).error, body).toBeUndefined()
  }
})
