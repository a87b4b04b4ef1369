import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { offered, readOnly } from '../../support/fake-broker.ts'
import { parsed } from '../cli-lab.ts'
import { brokerLab } from './broker-lab.ts'

const admin = 'arn:aws:iam::111111111111:role/Admin'
const other = 'arn:aws:iam::222222222222:role/team/ReadOnly'

async function signedIn() {
  const lab = await brokerLab()
  lab.broker.roles = [
    offered(readOnly, 'Production', 'eu-west-1'),
    offered(admin, 'Production'),
    offered(other, 'Development'),
  ]
  await lab.login()
  return lab
}

describe('whoami', () => {
  test('says who one is, to people and to programs', async () => {
    const lab = await signedIn()
    const { code, stdout } = await lab.run(['whoami'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^You are: {4}Bob Baker \(bob\)$/m)
    const json = parsed((await lab.run(['whoami', '--json'])).stdout)
    expect(json).toMatchObject({ name: 'bob', broker: lab.broker.origin, by: 'token' })
  })

  test('ends with 3 where nobody is signed in', async () => {
    const lab = await brokerLab()
    const { code, stdout, stderr } = await lab.run(['whoami'])
    expect([code, stdout, lab.broker.asked]).toEqual([3, '', []])
    expect(stderr).toContain(`Run: postern login --broker ${lab.broker.origin}`)
  })
})

describe('roles', () => {
  test('lists them in a table, and as JSON', async () => {
    const lab = await signedIn()
    const { stdout } = await lab.run(['roles'])
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'ACCOUNT      ID            ROLE      REGION     LONGEST',
      'Production   111111111111  ReadOnly  eu-west-1  4 h',
    ])
    expect(readFileSync(`${lab.config}/role-names`, 'utf8')).toBe(
      'Development/ReadOnly\nProduction/Admin\nProduction/ReadOnly\n',
    )
    const { roles } = parsed((await lab.run(['roles', '--json'])).stdout)
    expect(roles).toEqual(lab.broker.roles)
  })
})

test('completion gets no name that a shell would read otherwise', async () => {
  const lab = await signedIn()
  lab.broker.roles = [
    offered(readOnly, '$(touch pwned)'),
    offered(admin, 'Corp Production'),
    offered('arn:aws:iam::222222222222:role/a=b', 'x`y`'),
  ]
  expect((await lab.run(['roles'])).code).toBe(0)
  expect(readFileSync(`${lab.config}/role-names`, 'utf8')).toBe(
    '111111111111/Admin\n111111111111/ReadOnly\n',
  )
})

describe('a role', () => {
  test.for([
    readOnly,
    'Production/ReadOnly',
    'production/readonly',
    '111111111111/ReadOnly',
    'roduction/Read',
    '1111/read',
  ])('is meant by %s', async (name) => {
    const lab = await signedIn()
    const { code, stdout } = await lab.run(['credentials', name, '--json'])
    expect([code, parsed(stdout)['role']]).toEqual([0, readOnly])
  })

  test.for([
    ['ReadOnly', [readOnly, other]],
    ['Production', [readOnly, admin]],
    ['nothing', [readOnly, admin, other]],
  ] as const)('is not meant by %s, which lists what could be', async ([name, candidates]) => {
    const lab = await signedIn()
    const { code, stdout, stderr } = await lab.run(['credentials', name])
    expect([code, stdout]).toEqual([2, ''])
    for (const arn of [readOnly, admin, other]) {
      expect(stderr.includes(`(${arn})`)).toBe(candidates.some((one) => one === arn))
    }
  })

  test('that is named in full goes before those that have the name in them', async () => {
    const lab = await signedIn()
    lab.broker.roles.push(offered('arn:aws:iam::111111111111:role/AdminOfAll', 'Production'))
    const { stdout } = await lab.run(['credentials', 'admin', '--json'])
    expect(parsed(stdout)['role']).toBe(admin)
  })
})

describe('credentials', () => {
  test.for([
    ['bash', " export AWS_SECRET_ACCESS_KEY='fake/Secret+Key='"],
    ['fish', " set -gx AWS_SECRET_ACCESS_KEY 'fake/Secret+Key='"],
    ['powershell', "$Env:AWS_SECRET_ACCESS_KEY = 'fake/Secret+Key='"],
    ['env', 'AWS_SECRET_ACCESS_KEY=fake/Secret+Key='],
    ['profile', '[default]'],
    ['credential-process', '  "Version": 1,'],
    ['values', 'Secret access key: fake/Secret+Key='],
  ] as const)('come for %s', async ([format, line]) => {
    const lab = await signedIn()
    const { code, stdout } = await lab.run(['credentials', readOnly, '--format', format])
    expect([code, stdout.split('\n')]).toEqual([0, expect.arrayContaining([line])])
  })

  test('are refused in a format that can not carry them', async () => {
    const lab = await signedIn()
    const session = lab.broker.roleSession({ body: { role: readOnly } })
    session.credentials.secretAccessKey = 'a&b|c%d'
    lab.broker.instead.set('POST /api/v1/role-sessions', (response) => {
      response.writeHead(201, { 'content-type': 'application/json' })
      response.end(JSON.stringify(session))
    })
    const { code, stdout, stderr } = await lab.run(['credentials', readOnly, '--format', 'cmd'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('Use PowerShell')
    expect(stderr).not.toContain('a&b')
  })

  test('come from the cache that credential-process has filled', async () => {
    const lab = await signedIn()
    await lab.run(['credentials', readOnly])
    await lab.run(['credentials', readOnly])
    expect(lab.broker.sessions).toBe(1)
    await lab.run(['credentials', readOnly, '--no-cache'])
    expect(lab.broker.sessions).toBe(2)
  })
})

describe('console', () => {
  test('prints the sign-in URL', async () => {
    const lab = await signedIn()
    const { code, stdout } = await lab.run(['console', 'Admin', '--print', '--destination', 'x'])
    expect([code, stdout]).toEqual([
      0,
      'https://eu-west-1.signin.aws.amazon.com/federation?Action=login&SigninToken=x\n',
    ])
    expect(lab.broker.asked.at(-1)?.body).toEqual({ role: admin, console: true, destination: 'x' })
  })

  test('opens it without showing it to whoever lists processes', async () => {
    const lab = await signedIn()
    const log = `${lab.home}/opened`
    const script = `#!/bin/sh\necho "$1" > ${log}\nexec curl -s -o /dev/null -D ${log}.head "$1"\n`
    const BROWSER = lab.file('browser.sh', script, 0o755)
    const { code, stdout } = await lab.run(['console', 'Admin'], { BROWSER })
    expect([code, stdout]).toEqual([0, ''])
    expect(readFileSync(log, 'utf8')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\n$/)
    expect(readFileSync(`${log}.head`, 'utf8')).toMatch(
      /^location: https:\/\/eu-west-1\.signin\.aws\.amazon\.com\/federation\?.*SigninToken=x\r$/m,
    )
  })

  test('says why there is none', async () => {
    const lab = await signedIn()
    const session = lab.broker.roleSession({ body: { role: admin } })
    lab.broker.instead.set('POST /api/v1/role-sessions', (response) => {
      response.writeHead(201, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ ...session, consoleError: 'AWS is asleep.' }))
    })
    const { code, stderr } = await lab.run(['console', 'Admin', '--print'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('AWS is asleep.')])
  })
})
