import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type IssuerLab, issuerRoles, openIssuerLab } from '../support/issuer-lab.ts'
import { arnOf } from '../support/issuer-world.ts'
import { requireCommand } from '../support/require-command.ts'

const run = promisify(execFile)
const clients = requireCommand('aws', 'awscli')
let lab: IssuerLab

beforeAll(async () => {
  lab = await openIssuerLab()
})

afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})

const passedOn = 'Passed'

/** The bash snippet of the results page, as a browser would copy it. */
async function snippetFor(role: string): Promise<string> {
  const browser =
    role === passedOn ? (await lab.signedInByProvider([passedOn])).browser : await lab.signedIn()
  const { location = '' } = await browser.askFor(arnOf(role), false)
  const page = await browser.get(`${location}?show=secrets&region=eu-west-1`)
  const [, html] = /id="snippet-bash"[^>]*>([^<]*)<\/pre>/.exec(page.text) ?? []
  if (html === undefined) throw new Error('the page has no snippet')
  return html.replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}

describe.each(clients.length > 0 ? clients : ['aws'])('%s', (aws) => {
  test.each([...issuerRoles, passedOn])('is bob with what %s gave', async (role) => {
    const ask = `${aws} --endpoint-url ${lab.aws.url} sts get-caller-identity --query Arn --output text`
    const env = {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    }
    const { stdout } = await run('bash', ['-c', `${await snippetFor(role)}\n${ask}`], {
      env,
      timeout: 30_000,
    })
    const start = 'arn:aws:sts::111111111111'
    expect(stdout.trim()).toBe(
      role === 'Federated' ? `${start}:federated-user/bob` : `${start}:assumed-role/${role}/bob`,
    )
  })
})
