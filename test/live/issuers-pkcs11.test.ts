import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type IssuerLab, type LabKeys, openIssuerLab } from '../support/issuer-lab.ts'
import { arnOf } from '../support/issuer-world.ts'
import { absentForTokens, type SoftToken, softToken, tokenPin } from './softhsm/soft-token.ts'

let token: SoftToken
let lab: IssuerLab
const before = { ...process.env }

/** Every key of the configuration on the token; only the certificate of the base stays a file. */
function onToken({ machine, people, saml }: LabKeys): Readonly<Record<string, unknown>> {
  token.put('machine', machine)
  token.put('people', people)
  const { certificate, privateKey } = saml
  token.put('saml', { privateKey, certificate: new X509Certificate(certificate) })
  const pin = { passphrase: '${env:POSTERN_TEST_PIN}', pkcs11Library: token.library }
  const at = (label: string) => ({ certificate: `pkcs11:token=postern;object=${label}`, ...pin })
  const privateKeyOnToken = { privateKey: 'pkcs11:token=postern;object=machine', ...pin }
  const under = (path: string, settings: object) =>
    Object.entries(settings).map(([name, value]): [string, unknown] => [`${path}.${name}`, value])
  return Object.fromEntries([
    ...under('issuers.anywhere', at('machine')),
    ...under('issuers.certhub.source', privateKeyOnToken),
    ['issuers.people.authority', at('people')],
    ['issuers.saml.identityProvider.keys', [at('saml')]],
  ])
}

beforeAll(async () => {
  if (absentForTokens.length > 0) return
  token = softToken()
  Object.assign(process.env, token.environment, { POSTERN_TEST_PIN: tokenPin })
  lab = await openIssuerLab(onToken)
})

afterAll(async () => {
  if (absentForTokens.length > 0) return
  for (const name of [...Object.keys(token.environment), 'POSTERN_TEST_PIN'])
    if (before[name] === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = before[name]
  await lab[Symbol.asyncDispose]()
  token[Symbol.dispose]()
})

describe('with its keys on a token, the whole broker gets credentials', () => {
  test.for([
    [
      'CertHub',
      'base credentials by a certificate in a file and its key on the token',
      'AssumeRole',
    ],
    ['Anywhere', 'Roles Anywhere with certificate and key on the token', 'CreateSession'],
    ['People', 'a certificate for each person, by a CA on the token', 'CreateSession'],
    ['Saml', 'an assertion that the token signed', 'AssumeRoleWithSAML'],
  ] as const)('%s: %s', async ([role, , api], { skip }) => {
    if (absentForTokens.length > 0) skip(`needs ${absentForTokens.join(' and ')}`)
    const browser = await lab.signedIn()
    const { status, location = '', text } = await browser.askFor(arnOf(role), true)
    expect(status, `${text}\n${lab.broker.output()}`).toBe(303)
    const page = await browser.get(location)
    const session = `arn:aws:sts::111111111111:assumed-role/${role}/bob`
    expect(page.text).toContain(session)
    expect(lab.aws.issued().at(-1)).toMatchObject({ api, assumedRoleArn: session })
  })

  test('and tells neither PIN nor key', ({ skip }) => {
    if (absentForTokens.length > 0) skip(`needs ${absentForTokens.join(' and ')}`)
    expect(lab.broker.output()).not.toContain(tokenPin)
    expect(lab.broker.output()).not.toContain('PRIVATE KEY')
  })
})
