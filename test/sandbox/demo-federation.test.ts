import { type ChildProcess, spawn } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetFederationTokenCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { fieldOf, FormBrowser } from '../support/saml/form-browser.ts'
import { sendSession } from './certificate-signer.ts'
import { FORM_TYPE } from './federation-client.ts'
import { form, raw, type RawAnswer, xmlField } from './raw-http.ts'
import { AWS_ATTRIBUTE, IDP, idpMetadata, plan, samlResponse } from './saml-signer.ts'
import { postSaml } from './saml-world.ts'
import { refusalOf, stsClient } from './sdk.ts'

const MAIN = new URL('../../sandbox/main.ts', import.meta.url).pathname
const ACCOUNT = 'arn:aws:iam::111111111111'

let folder: string
let child: ChildProcess
let aws: string
let idp: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-demo-'))
  const [awsPort, idpPort] = [await freePort(), await freePort()]
  aws = `http://localhost:${awsPort}`
  idp = `http://localhost:${idpPort}`
  const provider = join(folder, 'provider.xml')
  writeFileSync(provider, idpMetadata())
  const env = {
    PATH: process.env['PATH'],
    POSTERN_SANDBOX_DIR: join(folder, 'state'),
    POSTERN_SANDBOX_AWS_PORT: String(awsPort),
    POSTERN_SANDBOX_IDP_PORT: String(idpPort),
    POSTERN_SANDBOX_PROVIDER_METADATA: provider,
    POSTERN_SANDBOX_SP_METADATA: join(folder, 'nothing.xml'),
  }
  child = spawn(process.execPath, [MAIN], { env, stdio: 'ignore' })
  await vi.waitFor(() => raw(aws, { method: 'GET', path: '/_sandbox' }), {
    timeout: 20_000,
    interval: 100,
  })
})
afterAll(async () => {
  child.kill('SIGTERM')
  if (child.exitCode === null) await once(child, 'exit')
  rmSync(folder, { recursive: true })
})

describe('the demo', () => {
  test('writes what one needs to try Roles Anywhere, and takes its certificates', async () => {
    const file = join(folder, 'state', 'roles-anywhere.json')
    const { endpoint, ...query } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
    expect(endpoint).toBe(aws)
    const ask = async (name: string): Promise<RawAnswer> => {
      const pem = readFileSync(join(folder, 'state', `${name}.pem`), 'utf8')
      const holder = { certificate: new X509Certificate(pem), key: createPrivateKey(pem) }
      return await sendSession(aws, { holder, query, now: new Date() })
    }
    for (const name of ['alice', 'bob', 'machine']) expect((await ask(name)).status).toBe(201)
    expect((await ask('alice')).body).toContain('"sourceIdentity":"CN=alice"')
    expect((await ask('expired')).body).toContain('not valid now')
    expect((await ask('revoked')).body).toContain('Certificate revoked')
  })

  test('has people who sign in to the console by SAML', async () => {
    const browser = new FormBrowser(idp)
    const page = await browser.get(`${idp}/start?sp=1`)
    const pending = fieldOf(page, 'pending') ?? ''
    const posted = await browser.post(`${idp}/sign-in`, { user: 'alice', pending })
    const SAMLResponse = fieldOf(posted, 'SAMLResponse') ?? ''
    const send = async (fields: Record<string, string>): Promise<RawAnswer> =>
      await raw(aws, { path: '/saml', headers: FORM_TYPE, body: form(fields) })
    const roles = await send({ SAMLResponse })
    expect(roles.body.match(/<button/g)).toHaveLength(3)
    for (const role of ['Analyst', 'Billing']) {
      const answer = await send({ SAMLResponse, roleIndex: `${ACCOUNT}:role/${role}` })
      expect(answer.status).toBe(302)
    }
    const bob = new FormBrowser(idp)
    const asBob = await bob.post(`${idp}/sign-in`, {
      user: 'bob',
      pending: fieldOf(await bob.get(`${idp}/start?sp=1`), 'pending') ?? '',
    })
    const refused = await send({ SAMLResponse: fieldOf(asBob, 'SAMLResponse') ?? '' })
    expect(refused.body).toContain('invalid SAML response')
  })

  test('trusts the provider that Postern plays', async () => {
    const provider = `${ACCOUNT}:saml-provider/Postern`
    const RoleArn = `${ACCOUNT}:role/Operator`
    const ask = async (recipient: string): Promise<RawAnswer> => {
      const attributes = [
        [`${AWS_ATTRIBUTE}Role`, [`${RoleArn},${provider}`]],
        [`${AWS_ATTRIBUTE}RoleSessionName`, ['bob']],
      ] as const
      const assertion = samlResponse(plan(new Date(), { attributes, recipient, issuer: IDP }))
      return await postSaml(aws, assertion, { RoleArn, PrincipalArn: provider })
    }
    expect((await ask('https://signin.aws.amazon.com/saml')).status).toBe(200)
    expect((await ask(`${aws}/saml`)).status).toBe(200)
    const elsewhere = await ask('http://localhost:3000/saml/demo/acs')
    expect(xmlField(elsewhere.body, 'Code')).toBe('AccessDenied')
  })

  test("lets the broker's user federate others", async () => {
    const federate = stsClient(aws).send(new GetFederationTokenCommand({ Name: 'bob' }))
    expect(await refusalOf(federate)).toBe('was not refused')
  })

  test('keeps its key for its owner alone, and says what it misses', async () => {
    expect(statSync(join(folder, 'state', 'saml-idp.pem')).mode & 0o077).toBe(0)
    const browser = new FormBrowser(idp)
    const home = await browser.post(`${idp}/sign-in`, { user: 'carol', pending: '' })
    expect(home.body).toContain('nothing.xml')
    expect(home.body).toContain('The AWS console (sandbox)')
  })
})
