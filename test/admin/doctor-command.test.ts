import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { DEMO_BASE_ACCESS_KEY, demoWorld } from '../../sandbox/world/demo-world.ts'
import { doctorCommand } from '../../src/admin/doctor/doctor-command.ts'
import { endpointsOf } from '../../src/admin/doctor/endpoints.ts'
import { base, load } from '../config/configuration.ts'
import { digitalSignature, issue, keyCertSign } from '../keys/test-certificates.ts'
import { awsEnvironment } from '../support/aws-environment.ts'
import { freePort } from '../support/free-port.ts'
import { capturedIo } from './captured-io.ts'
import { configFile } from './config-file.ts'

const keys = {
  AWS_ACCESS_KEY_ID: DEMO_BASE_ACCESS_KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: DEMO_BASE_ACCESS_KEY.secretAccessKey,
}
const place = {
  type: 'roles-anywhere',
  trustAnchorArn: 'arn:aws:rolesanywhere:eu-west-1:111111111111:trust-anchor/a1',
  profileArn: 'arn:aws:rolesanywhere:eu-west-1:111111111111:profile/p1',
}

async function sandbox(): Promise<Sandbox> {
  const aws = await startSandbox({ world: demoWorld })
  onTestFinished(() => aws.close())
  return aws
}

function allAt(url: string) {
  return { sts: url, federation: `${url}/federation`, rolesAnywhere: url }
}

interface Wish {
  readonly url: string
  readonly issuer?: object
  readonly role?: object
  readonly keyFile?: string
  readonly aws?: object
}

function written({ url, issuer = { type: 'assume-role' }, role = {}, keyFile, aws }: Wish): string {
  const file = configFile({
    ...base,
    issuers: { one: issuer },
    roles: [{ arn: 'arn:aws:iam::111111111111:role/ReadOnly', ...role }],
    grants: [],
    aws: {
      region: 'eu-west-1',
      endpoints: allAt(url),
      timeouts: { connect: 1, answer: 2 },
      ...aws,
    },
  })
  const path = join(dirname(file), 'keys', 'one.pem')
  mkdirSync(dirname(path))
  if (keyFile !== undefined) writeFileSync(path, keyFile)
  return file
}

async function run(file: string, argv: readonly string[] = [], now = () => new Date()) {
  const captured = capturedIo()
  const code = await doctorCommand([...argv, '--config', file], captured.io, {}, { now })
  return { code, ...captured }
}

describe('what is in order', () => {
  test('is said of endpoints, clocks and base credentials, and no role is taken unasked', async () => {
    awsEnvironment(keys)
    const aws = await sandbox()
    const { code, text } = await run(written({ url: aws.url }))
    expect(code, text()).toBe(0)
    expect(text()).toMatch(
      /^ok {6}STS eu-west-1 at localhost:\d+: answers; clocks differ by -?[01] s$/m,
    )
    expect(text()).toMatch(/^ok {6}federation endpoint at localhost:\d+: answers/m)
    expect(text()).toContain(
      'ok      base credentials of one: arn:aws:iam::111111111111:user/postern-broker',
    )
    expect(text()).toContain('Nothing failed.')
    expect(aws.issued()).toEqual([])
  })

  test('is tried with each role when asked, for as short as may be', async () => {
    awsEnvironment(keys)
    const aws = await sandbox()
    const { code, text } = await run(written({ url: aws.url }), ['--assume-roles'])
    expect(code).toBe(0)
    expect(text()).toContain(
      'role arn:aws:iam::111111111111:role/ReadOnly: AWS gave arn:aws:sts::111111111111:assumed-role/ReadOnly/postern-doctor',
    )
    expect(aws.issued()).toMatchObject([
      { roleSessionName: 'postern-doctor', durationSeconds: 900 },
    ])
    const [issued] = aws.issued()
    expect(text()).not.toContain(issued?.accessKeyId ?? 'nothing')
  })
})

test('the endpoints that are tried are those that the configuration selects', () => {
  const config = load({
    ...base,
    issuers: { hub: { type: 'assume-role' }, anywhere: { ...place, certificate: 'keys/one.pem' } },
    roles: [{ arn: 'arn:aws:iam::111111111111:role/ReadOnly', issuer: 'hub' }],
    aws: { region: 'us-east-1', fips: true, dualStack: true, failOver: { region: 'us-west-2' } },
  })
  expect(endpointsOf(config).map(({ url }) => url)).toEqual([
    'https://sts-fips.us-east-1.api.aws',
    'https://sts-fips.us-west-2.api.aws',
    'https://signin.aws.amazon.com/federation',
    'https://rolesanywhere-fips.eu-west-1.api.aws',
  ])
})

describe('what fails comes with its fix', () => {
  test('nothing that listens', async () => {
    awsEnvironment(keys)
    const { code, text } = await run(written({ url: `http://localhost:${await freePort()}` }))
    expect(code).toBe(1)
    expect(text()).toMatch(/^FAILED {2}STS eu-west-1 at .*nothing there takes the connection/m)
    expect(text()).toContain('aws.endpoints.sts can name another endpoint.')
  })

  test('a clock that is wrong', async () => {
    awsEnvironment(keys)
    const aws = await sandbox()
    const slow = () => new Date(Date.now() - 600_000)
    const { code, text } = await run(written({ url: aws.url }), [], slow)
    expect(code).toBe(1)
    expect(text()).toMatch(/differs from that of AWS by (?:599|600|601) s/)
    expect(text()).toContain('Let NTP set the clock')
  })

  test('base credentials that AWS does not know, or that are not there', async () => {
    const aws = await sandbox()
    awsEnvironment({ ...keys, AWS_ACCESS_KEY_ID: 'AKIANOBODY0000000000' })
    const unknown = await run(written({ url: aws.url }))
    expect(unknown.code).toBe(1)
    expect(unknown.text()).toContain('FAILED  base credentials of one: AWS does not know')
    expect(unknown.text()).toContain('InvalidClientTokenId')
    awsEnvironment({})
    const none = await run(written({ url: aws.url }))
    expect(none.text()).toContain('no AWS credentials of its own')
    expect(none.text()).toContain('Give Postern an instance profile')
  })

  test('a role whose trust policy lacks what its settings need', async () => {
    awsEnvironment(keys)
    const aws = await sandbox()
    const role = { arn: 'arn:aws:iam::111111111111:role/Nowhere' }
    const { code, text } = await run(written({ url: aws.url, role }), ['--assume-roles'])
    expect(code).toBe(1)
    expect(text()).toContain('FAILED  role arn:aws:iam::111111111111:role/Nowhere')
    expect(text()).toContain("In the role's trust policy, allow sts:AssumeRole")
  })

  const both = ({ certificatePem, keyPem }: ReturnType<typeof issue>) => certificatePem + keyPem
  const day = 86_400_000
  const own = { ...place, certificate: 'keys/one.pem' }
  const authority = { ...place, authority: { certificate: 'keys/one.pem' } }

  test.each<[string, object, () => string | undefined, string]>([
    ['a file that is not there', own, () => undefined, "can't be read"],
    [
      'a certificate that has expired',
      own,
      () => both(issue({ to: new Date(Date.now() - 2 * day) })),
      'it expired on',
    ],
    [
      'a certificate that is not valid yet',
      own,
      () => both(issue({ from: new Date(Date.now() + 2 * day) })),
      'it is not valid before',
    ],
    [
      'a certificate that AWS would not take',
      own,
      () => both(issue({ keyUsage: 0x20 })),
      'Its key usage does not include digitalSignature.',
    ],
    [
      'an authority that is none',
      authority,
      () => both(issue({ keyUsage: digitalSignature })),
      'none of a CA',
    ],
  ])('%s', async (_what, issuer, keyFile, says) => {
    awsEnvironment({})
    const aws = await sandbox()
    const content = keyFile()
    const file = written({
      url: aws.url,
      issuer,
      ...(content !== undefined && { keyFile: content }),
    })
    const { code, text } = await run(file)
    expect(code).toBe(1)
    expect(text()).toMatch(/^FAILED {2}certificate of one: /m)
    expect(text()).toContain(says)
  })

  test('a certificate that ends soon is a warning, and no failure', async () => {
    awsEnvironment({})
    const aws = await sandbox()
    const ending = issue({
      authority: true,
      keyUsage: keyCertSign,
      to: new Date(Date.now() + 10 * day + 60_000),
    })
    const { code, text } = await run(
      written({ url: aws.url, issuer: authority, keyFile: both(ending) }),
      ['--assume-roles'],
    )
    expect(code).toBe(0)
    expect(text()).toMatch(/^WARNING certificate of one: it expires on .*, in 10 days$/m)
    expect(text()).toContain(
      '-       role arn:aws:iam::111111111111:role/ReadOnly: it takes a certificate',
    )
  })

  test('a second region that is not there', async () => {
    awsEnvironment(keys)
    const aws = await sandbox()
    const failOver = { region: 'eu-central-1', sts: `http://localhost:${await freePort()}` }
    const { code, text } = await run(written({ url: aws.url, aws: { failOver } }))
    expect(code).toBe(1)
    expect(text()).toContain('FAILED  STS eu-central-1, the second region')
  })
})

test('explains itself, and what is wrong with its words', async () => {
  const captured = capturedIo()
  expect(await doctorCommand(['--help'], captured.io, {})).toBe(0)
  expect(captured.text()).toContain('Usage: postern-server doctor')
  expect(await doctorCommand(['--nonsense'], captured.io, {})).toBe(2)
})
