import { describe, expect, test } from 'vitest'
import { ConfigFaults } from '../../src/config/fault.ts'
import { toCatalogue } from '../../src/config/to-catalogue.ts'
import {
  auditKey,
  base,
  faultLines,
  faultPaths,
  faultsOf,
  load,
  readOnly,
} from './configuration.ts'

describe('a configuration in order', () => {
  test('is resolved: no gap where there is a default, no relative path', () => {
    const config = load(base)
    expect(config).toMatchObject({
      file: '/etc/postern/postern.yaml',
      publicUrl: 'https://aws.corp.example',
      listen: { host: '127.0.0.1', port: 8443, tls: undefined },
      operations: { host: '127.0.0.1', port: 9464 },
      trustedProxies: [],
      banner: undefined,
      severalPeoples: false,
      state: 'sqlite:/etc/postern/data/postern.db',
      sessions: { idleSeconds: 1800, absoluteSeconds: 28_800 },
      aws: { region: undefined, federationMethod: {}, attempts: 3 },
      network: { connectTimeout: 3000, answerTimeout: 10_000 },
      audit: { instance: 'postern', stdout: false },
      log: { level: 'info' },
    })
    expect(config.audit.key.reveal()).toBe(auditKey)
    expect(config.signIn[0]).toMatchObject({ id: 'local', people: 'staff' })
    expect(config.issuers.get('hub')).toEqual({
      type: 'assume-role',
      reuse: 60,
      limit: { perSecond: 500, waiting: 2500 },
      source: { type: 'environment' },
      chained: 'auto',
      region: undefined,
    })
  })

  test('gives the catalogue that entitlements are decided by', () => {
    const catalogue = toCatalogue(load(base))
    expect(catalogue.roles.get(readOnly)).toMatchObject({
      account: { id: '111111111111', name: 'Production', tone: 'neutral' },
      issuer: 'hub',
      durations: {
        credentials: { default: 3600, max: 3600 },
        console: { default: 43_200, max: 43_200 },
      },
      session: { sessionName: '${name}', sourceIdentity: undefined, tags: {} },
      portalLink: 'ask',
    })
    expect(catalogue.grants).toEqual([
      {
        path: 'grants[0]',
        people: 'staff',
        grantee: { kind: 'user', user: 'bob' },
        roles: [readOnly],
        template: undefined,
      },
    ])
  })

  test('keeps the order of accounts and the zeros of their IDs', () => {
    const text = `
publicUrl: https://aws.corp.example
listen: { port: 8443 }
signIn: [{ id: local, type: local, users: [{ name: bob, passwordHash: "$argon2id$v=19$m=19456,t=2,p=1$Zs9qcWBpfC4MlQ6Ph6CDzw$C39HnjOmIgSoysRQplF/BybtwTjyDSla6uPK1XAglUg" }] }]
issuers: { hub: { type: assume-role } }
accounts:
  999999999999: { name: Last }
  011111111111: { name: First }
audit: { key: "\${file:audit.key}" }
`
    expect([...load(text).accounts.keys()]).toEqual(['999999999999', '011111111111'])
  })

  test('takes the defaults of roles where a role sets nothing', () => {
    const { roles } = load({
      ...base,
      issuers: { hub: { type: 'assume-role' }, spare: { type: 'assume-role' } },
      defaults: {
        issuer: 'spare',
        duration: { credentials: { default: '2h', max: '4h' } },
        sourceIdentity: '${name}',
        tags: { Team: '${attribute.team}' },
        transitiveTags: ['Team'],
        portalLink: 'direct',
      },
      roles: [{ arn: readOnly, issuer: 'hub', duration: { credentials: { max: '1h30m' } } }],
    })
    expect(roles.get(readOnly)).toMatchObject({
      issuer: 'hub',
      durations: { credentials: { default: 5400, max: 5400 } },
      session: {
        sourceIdentity: '${name}',
        tags: { Team: '${attribute.team}' },
        transitiveTagKeys: ['Team'],
      },
      portalLink: 'direct',
    })
  })

  test('reads session policies as mappings and as files', () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::${aws:username}' }],
    }
    const asMapping = load({ ...base, roles: [{ arn: readOnly, policy }] })
    const asFile = load(
      { ...base, roles: [{ arn: readOnly, policy: '${file:policy.json}' }] },
      { files: { 'policy.json': JSON.stringify(policy, null, 2) } },
    )
    for (const { roles } of [asMapping, asFile])
      expect(roles.get(readOnly)?.session.policy).toBe(JSON.stringify(policy))
  })
})

describe('faults', () => {
  test('are told all at once, each with path, line, what was found and what is expected', () => {
    const text = `publicUrl: http://aws.corp.example
listen: { port: a, hots: 1 }
signIn:
  - type: local
    id: aws
    users: [{ name: bob, passwordHash: hunter2 }]
issuers: { hub: { type: assume-role } }
accounts:
  111111111111: { name: P, tone: red }
roles:
  - arn: arn:aws:iam::111111111111:role/ReadOnly
    issuer: hbu
    durations: 1
grants:
  - { people: aws, group: a, roles: ["arn:aws:iam::111111111111:role/ReadOny"] }
audit: { key: "supersecretliteral" }
state: postgres://user:hunter3@db/x
`
    expect(faultLines(text)).toEqual([
      'publicUrl (line 1): found "http://aws.corp.example"; expected the address where people reach Postern, such as https://aws.corp.example, without a path; http is for loopback addresses only',
      'listen.port (line 2): found "a"; expected a whole number from 0 to 65535',
      'listen.hots (line 2): found an unknown key; expected a known key, perhaps host',
      'signIn[0].id (line 5): found "aws"; expected another ID, because Postern keeps that one for itself',
      'signIn[0].users[0].passwordHash (line 6): found a literal value; expected a line that postern-server hash-password prints ($argon2id$...)',
      'accounts.111111111111.tone (line 9): found "red"; expected one of neutral, calm, caution, danger',
      'roles[0].issuer (line 12): found "hbu"; expected a name that stands under issuers, perhaps hub',
      'roles[0].durations (line 13): found an unknown key; expected a known key, perhaps duration',
      'grants[0].roles[0] (line 15): found "arn:aws:iam::111111111111:role/ReadOny"; expected a name that stands under roles, perhaps arn:aws:iam::111111111111:role/ReadOnly',
      'audit.key (line 16): found a literal value; expected ${file:path} or ${env:NAME}, because a secret never stands here itself',
      'state (line 17): found "postgres://***@db/x"; expected sqlite:path; this version keeps its state in SQLite only',
    ])
  })

  test('never show a secret, however it got where it stands', () => {
    const secrets = {
      ...base,
      banner: { password: 'hunter2-a' },
      organisation: ['hunter2-b'],
      signIn: [
        {
          ...base.signIn[0],
          password: 'hunter2-c',
          users: [{ name: 'bob', passwordHash: 'hunter2-d' }],
        },
      ],
      audit: { key: 'hunter2-e', stdout: '${env:SECRET}' },
      state: 'postgres://x:hunter2-g@db/x',
      aws: { endpoints: { sts: 'https://u:hunter2-h@sts.example/' } },
      listen: { port: '${file:secret}', tls: { certificate: '${file:secret}', key: 'hunter2-i' } },
    }
    const lines = faultLines(secrets, {
      env: { SECRET: 'hunter2-f' },
      files: { secret: 'hunter2-j' },
    })
    expect(lines.length).toBeGreaterThanOrEqual(8)
    expect(lines.join('\n')).not.toMatch(/hunter2/)
  })

  test('count themselves in the message', () => {
    expect(() => load({ ...base, bogus: 1 })).toThrow(ConfigFaults)
    expect(() => load({ ...base, bogus: 1 })).toThrow(
      /^\/etc\/postern\/postern.yaml: 1 fault\n {2}bogus/,
    )
  })

  test.each([
    ['an empty file', ''],
    ['only a comment', '# nothing'],
    ['a list', '[]'],
    ['a text', 'postern'],
  ])('are told for %s', (_, text) => {
    expect(faultsOf(text)[0]?.expected).toBe('a mapping')
  })

  test.each(Object.keys(base))('name %s when it is missing and needed', (key) => {
    const without = Object.fromEntries(Object.entries(base).filter(([name]) => name !== key))
    const paths = faultPaths(without)
    if (key === 'roles') expect(paths).toEqual(['grants[0].roles[0]'])
    else if (key === 'grants') expect(paths).toEqual([])
    else expect(paths).toContain(key)
  })

  test('name a key that is none, in a place that is deep', () => {
    const paths = faultPaths({ ...base, limits: { signIn: { perUser: { trys: 3 } } } })
    expect(paths).toEqual(['limits.signIn.perUser.trys'])
  })

  test('quote keys that hold odd characters', () => {
    expect(faultPaths({ ...base, 'a\nb': 1, __proto__x: 1 })).toEqual(['"a\\nb"', '__proto__x'])
  })

  test('tell of a key named __proto__ like of any other', () => {
    const text =
      'publicUrl: https://aws.corp.example\n__proto__: { publicUrl: https://evil.example }\n'
    expect(faultPaths(text)).toContain('__proto__')
  })
})

describe('the file itself', () => {
  test('must be there', () => {
    expect(() =>
      load(base, { files: { 'postern.yaml': Buffer.alloc(1024 * 1024 + 1, '#') } }),
    ).toThrow(/larger than 1048576 bytes/)
  })

  test('must be UTF-8', () => {
    expect(() => load(base, { files: { 'postern.yaml': Buffer.from([0x61, 0xff]) } })).toThrow(
      /is not UTF-8/,
    )
  })
})
