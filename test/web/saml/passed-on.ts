import { onTestFinished } from 'vitest'
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts'
import { createBroker } from '../../../src/broker.ts'
import { SignInTooOld } from '../../../src/errors.ts'
import { createAssumeRoleWithSamlIssuer } from '../../../src/issuers/assume-role-with-saml.ts'
import { passedAssertions } from '../../../src/issuers/passed-assertion.ts'
import { reusingIssuer } from '../../../src/issuers/reusing-issuer.ts'
import { trustsProvider } from '../../sandbox/saml-world.ts'
import { policy, role, worldWith } from '../../sandbox/test-world.ts'
import { catalogueOf, roleOf } from '../../support/broker-fakes.ts'
import type { Browser } from '../../support/browser.ts'
import { heldEffects } from '../../support/held-effects.ts'
import { entityXml } from '../../support/saml/idp-metadata.ts'
import { samlCast } from '../../support/saml/saml-cast.ts'
import { startSamlWeb } from '../../support/saml/web-target.ts'
import type { WebApp } from '../../support/web-app.ts'

/** Two roles that trust the provider, which is corp's. */
export const roleArn = 'arn:aws:iam::111111111111:role/Saml'
const providerArn = 'arn:aws:iam::111111111111:saml-provider/Corp'
export const otherArn = 'arn:aws:iam::111111111111:role/Other'
const saml = roleOf(roleArn, { issuer: 'adfs' })

/** What the provider says: for AWS, with the role in either order. */
export function said(order: 'role first' | 'provider first' = 'role first') {
  const pair = order === 'role first' ? [roleArn, providerArn] : [providerArn, roleArn]
  return {
    audience: 'urn:amazon:webservices',
    attributes: {
      groups: ['readers'],
      'https://aws.amazon.com/SAML/Attributes/Role': [pair.join(',')],
      'https://aws.amazon.com/SAML/Attributes/RoleSessionName': ['alice.anders'],
    },
  }
}

/** Two roles and their provider. */
export function saidBoth() {
  const attributes = {
    ...said().attributes,
    'https://aws.amazon.com/SAML/Attributes/Role': [
      `${roleArn},${providerArn}`,
      `${providerArn},${otherArn}`,
    ],
  }
  return { ...said(), attributes }
}

/** The web face with the method corp, whose responses go on to a sandbox that trusts corp's provider for this Postern. */
export async function passingOn(
  ...others: readonly string[]
): Promise<{ web: WebApp; aws: () => Sandbox }> {
  const clock = { web: undefined as WebApp | undefined }
  const now = () => new Date(clock.web?.now ?? Date.now())
  const started: { sandbox?: Sandbox } = {}
  const aws = () => {
    if (!started.sandbox) throw new Error('not started')
    return started.sandbox
  }
  const web = await startSamlWeb({
    saml: { spEntityId: 'urn:amazon:webservices' },
    dependencies: (built, app) => ({
      passesOn: new Set(['corp']),
      broker: createBroker({
        catalogue: catalogueOf(saml, ...others.map((arn) => roleOf(arn, { issuer: 'adfs' }))),
        issuers: new Map([
          [
            'adfs',
            reusingIssuer(
              createAssumeRoleWithSamlIssuer({
                name: 'adfs',
                assertionFor: passedAssertions('corp', { now }),
                tooOld: () => new SignInTooOld('corp'),
                able: ['policy', 'policyArns'],
                stsEndpoint: () => aws().url,
                effects: { ...heldEffects(now()), now },
                logger: app.logger,
              }),
              { effects: { now }, seconds: 60 },
            ),
          ],
        ]),
        consoleSignIn: app.console,
        audit: app.trail,
        effects: built.effects,
        logger: app.logger,
        metrics: { roleSession: () => undefined, consoleUrl: () => undefined },
        publicUrl: built.settings.publicUrl.origin,
      }),
    }),
  })
  clock.web = web
  const trust = trustsProvider({
    Principal: { Federated: providerArn },
    Condition: { StringEquals: { 'SAML:aud': `${web.origin}/saml/corp/acs` } },
  })
  const roles = [role('Saml', policy(trust)), role('Other', policy(trust))]
  const [first, ...accounts] = worldWith(roles).accounts
  if (!first) throw new Error('no account')
  const metadata = entityXml({ keys: [{ key: samlCast().idp, use: 'signing' }] })
  const account = { ...first, samlProviders: [{ name: 'Corp', metadata }] }
  started.sandbox = await startSandbox({ world: { accounts: [account, ...accounts] }, now })
  onTestFinished(() => aws().close())
  return { web, aws }
}

/** The credentials of the first role, asked for by the form. */
export async function ask(browser: Browser) {
  return browser.askFor(roleArn, false)
}
