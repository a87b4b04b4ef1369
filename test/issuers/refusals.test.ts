import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import type { Fault } from '../../sandbox/faults/faults.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'
import type { Role } from '../../sandbox/world/world.ts'
import { AwsRefused } from '../../src/errors.ts'
import { createAssumeRoleIssuer } from '../../src/issuers/assume-role.ts'
import type { IssueOrder } from '../../src/issuers/issuer.ts'
import { policy, role, ROOT_KEY, trusts, worldWith } from '../sandbox/test-world.ts'
import { awsEnvironment } from '../support/aws-environment.ts'
import { roleArn } from '../support/broker-fakes.ts'
import { heldEffects } from '../support/held-effects.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { orderOf } from './orders.ts'

const user = 'arn:aws:iam::111111111111:user/postern-broker'
const arn = (name: string) => roleArn(`arn:aws:iam::111111111111:role/${name}`)
const only = (action: string) => policy(trusts(user, { Action: action }))
const roles: readonly Role[] = [
  role('Open', policy(trusts(user)), { maxSessionDuration: 3600 }),
  role('Bare', only('sts:AssumeRole')),
  role('Closed', policy(trusts('arn:aws:iam::111111111111:user/other'))),
]

/** One refusal: how it is provoked, and what the user and then the administrator read. */
interface Row {
  readonly order?: Partial<IssueOrder>
  readonly fault?: Fault
  readonly keys?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly code: string
  readonly says: string
  readonly remedy: string
}

const rows: Readonly<Record<string, Row>> = {
  'a trust policy that names another': {
    order: { role: arn('Closed') },
    code: 'AccessDenied',
    says: 'AWS does not let Postern assume this role.',
    remedy: "In the role's trust policy, allow sts:AssumeRole",
  },
  'a role that is not there': {
    order: { role: arn('Nowhere') },
    code: 'AccessDenied',
    says: 'AWS does not let Postern assume this role.',
    remedy: 'Check account, path and name of the role',
  },
  'tags without sts:TagSession': {
    order: { role: arn('Bare'), tags: { Team: 'red' } },
    code: 'AccessDenied',
    says: 'Postern may not set session tags on this role',
    remedy: 'Add sts:TagSession',
  },
  'a source identity without sts:SetSourceIdentity': {
    order: { role: arn('Bare'), sourceIdentity: 'bob' },
    code: 'AccessDenied',
    says: 'Postern may not set a source identity on this role',
    remedy: 'Add sts:SetSourceIdentity',
  },
  'root keys': {
    keys: ROOT_KEY,
    code: 'AccessDenied',
    says: 'Postern runs with root credentials',
    remedy: 'delete the root access key',
  },
  'a duration below 15 minutes': {
    order: { durationSeconds: 20 },
    code: 'ValidationError',
    says: 'AWS refused the duration: it takes 15 minutes to 12 hours.',
    remedy: 'Correct `duration`',
  },
  'a role session name with a space': {
    order: { roleSessionName: 'bob baker' },
    code: 'ValidationError',
    says: 'AWS refused the role session name.',
    remedy: 'Correct `sessionName`',
  },
  'tags that differ in case only': {
    order: { tags: { team: 'a', Team: 'b' } },
    code: 'InvalidParameterValue',
    says: 'two keys differ only in case',
    remedy: 'Rename one of the tags',
  },
  'a transitive tag that is no tag': {
    order: { tags: { Team: 'red' }, transitiveTagKeys: ['Other'] },
    code: 'InvalidParameterValue',
    says: 'a transitive tag has no value',
    remedy: 'Add the tag',
  },
  'a session policy that is no JSON': {
    order: { policy: '{"Version":' },
    code: 'MalformedPolicyDocumentException',
    says: 'AWS refused the session policy: it is no valid policy.',
    remedy: 'Correct the `policy`',
  },
  'an unknown access key': {
    keys: { accessKeyId: 'AKIANOBODYNOBODYNOBO', secretAccessKey: 'x'.repeat(40) },
    code: 'InvalidClientTokenId',
    says: 'AWS does not know the credentials that Postern runs with.',
    remedy: 'Give the issuer credentials that are valid',
  },
  'a wrong secret access key': {
    keys: { ...DEMO_BASE_ACCESS_KEY, secretAccessKey: 'x'.repeat(40) },
    code: 'SignatureDoesNotMatch',
    says: "AWS refused Postern's signature.",
    remedy: 'Enter the secret access key anew',
  },
  'a region that is switched off': {
    fault: { kind: 'region-disabled' },
    code: 'RegionDisabledException',
    says: 'AWS has STS switched off in this region',
    remedy: 'Set another `region`',
  },
  'base credentials that have expired': {
    fault: { kind: 'expired-token' },
    code: 'ExpiredToken',
    says: 'The credentials that Postern runs with have expired.',
    remedy: 'Renew them',
  },
}

let aws: Sandbox | undefined
afterEach(() => {
  aws?.faults.clear()
})

describe('a refusal of AWS, provoked, and what is read then', () => {
  test.each(Object.entries(rows))('%s', async (_what, row) => {
    const keys = row.keys ?? DEMO_BASE_ACCESS_KEY
    awsEnvironment({
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    })
    const sandbox = await startSandbox({ world: worldWith(roles) })
    aws = sandbox
    onTestFinished(() => sandbox.close())
    if (row.fault) sandbox.faults.next('AssumeRole', row.fault, 4)
    const issuer = createAssumeRoleIssuer({
      name: 'hub',
      source: { type: 'environment' },
      stsEndpoint: sandbox.url,
      effects: heldEffects(new Date()),
      logger: silentLogger,
    })
    const asked = orderOf({ role: arn('Open'), ...row.order })
    const error: unknown = await issuer.issue(asked).catch((refusal: unknown) => refusal)
    if (!(error instanceof AwsRefused)) throw new Error(`no refusal: ${String(error)}`)
    expect(error.message).toContain(row.says)
    expect(error.fault.code).toBe(row.code)
    expect(error.remedies.join('\n')).toContain(row.remedy)
    expect(error.fault.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(sandbox.issued()).toEqual([])
  })
})
