import { describe, expect, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { base, faultPaths, load, passwordHash } from './configuration.ts'

/** Whether a change to the smallest configuration is taken; the paths of its faults otherwise. */
function localUser({ signIn: [first] }: Config) {
  return first?.type === 'local' ? first.users[0] : undefined
}

const tried = (change: object) => faultPaths({ ...base, ...change })

describe('the public address', () => {
  test.each([
    'https://aws.corp.example',
    'https://aws.corp.example/',
    'https://aws.corp.example:8443',
    'http://localhost:3000',
    'http://127.0.0.1',
    'http://127.9.9.9:1',
    'http://[::1]:3000',
    'http://postern.localhost',
  ])('may be %s', (publicUrl) => {
    expect(tried({ publicUrl })).toEqual([])
    expect(load({ ...base, publicUrl }).publicUrl).not.toMatch(/\/$/)
  })

  test.each([
    'http://aws.corp.example',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'https://aws.corp.example/path',
    'https://aws.corp.example/?a',
    'https://aws.corp.example/#a',
    'https://u@aws.corp.example',
    'https://u:p@aws.corp.example',
    'ftp://aws.corp.example',
    'javascript:alert(1)',
    'aws.corp.example',
    '//aws.corp.example',
    'https://',
    '',
  ])('may not be %j', (publicUrl) => {
    expect(tried({ publicUrl })).toEqual(['publicUrl'])
  })
})

describe('the listener', () => {
  test.each([
    [{ port: 65_536 }, 'listen.port'],
    [{ port: -1 }, 'listen.port'],
    [{ port: '3000' }, 'listen.port'],
    [{ port: 1.5 }, 'listen.port'],
    [{ port: 1, host: 'a b' }, 'listen.host'],
    [{ port: 1, tls: {} }, 'listen.tls.certificate'],
    [{ port: 1, tls: { certificate: 'x' } }, 'listen.tls.key'],
    [{ port: 1, tls: { key: '${env:KEY}' } }, 'listen.tls.certificate'],
    [{ port: 1, tls: { certificate: 'x', key: '${env:KEY}' } }, 'listen.tls.certificate'],
  ])('refuses %j', (listen, path) => {
    expect(faultPaths({ ...base, listen }, { env: { KEY: 'x' } })).toContain(path)
  })

  test.each([['10.0.0.0/8'], ['192.0.2.1'], ['2001:db8::/32'], ['::1'], ['0.0.0.0/0']])(
    'believes the proxy %s',
    (proxy) => {
      expect(tried({ trustedProxies: [proxy] })).toEqual([])
    },
  )

  test.each([
    '10.0.0.0/33',
    '10.0.0/8',
    '::/129',
    'proxy.corp.example',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '*',
  ])('believes no proxy like %s', (proxy) => {
    expect(tried({ trustedProxies: [proxy] })).toEqual(['trustedProxies[0]'])
  })
})

describe('sign-in methods', () => {
  const [method] = base.signIn
  const signIn = (change: object) => tried({ signIn: [{ ...method, ...change }] })
  const user = (change: object) =>
    tried({ signIn: [{ ...method, users: [{ name: 'bob', passwordHash, ...change }] }] })

  test.each(['aws', 'Local', 'a b', '', '-a', 'x'.repeat(33), 'a/b', '..'])(
    'can’t be called %j',
    (id) => {
      expect(signIn({ id })).toContain('signIn[0].id')
    },
  )

  test.each(['x', 'corp-sso-2', 'x'.repeat(32)])('can be called %s', (id) => {
    expect(signIn({ id })).toEqual([])
  })

  test('are of a known type, and there is one at least', () => {
    expect(signIn({ type: 'lcal' })).toEqual(['signIn[0].type'])
    expect(tried({ signIn: [], grants: [] })).toEqual(['signIn'])
    expect(signIn({ users: [] })).toContain('signIn[0].users')
  })

  test.each([
    ['a password', 'bobpassword'],
    ['bcrypt', '$2b$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234'],
    ['argon2i', passwordHash.replace('argon2id', 'argon2i')],
    ['too little memory', passwordHash.replace('m=19456', 'm=1024')],
    [
      'so much memory that a sign-in would take the machine',
      passwordHash.replace('m=19456', 'm=9999999'),
    ],
    ['so many passes', passwordHash.replace('t=2', 't=100')],
    ['a cut line', passwordHash.slice(0, 60)],
  ])('take no hash that is %s', (_, hash) => {
    expect(user({ passwordHash: hash })).toEqual(['signIn[0].users[0].passwordHash'])
  })

  test('take a hash by reference as well', () => {
    const users = [{ name: 'bob', passwordHash: '${env:HASH}' }]
    const config = load(
      { ...base, signIn: [{ ...method, users }] },
      { env: { HASH: passwordHash } },
    )
    expect(localUser(config)?.passwordHash.reveal()).toBe(passwordHash)
  })

  test.each([
    [{ name: 'a/b' }, 'name'],
    [{ name: ' bob' }, 'name'],
    [{ name: 'bob ' }, 'name'],
    [{ name: 'b\u0000b' }, 'name'],
    [{ email: 'nobody' }, 'email'],
    [{ groups: 'readers' }, 'groups'],
    [{ groups: [1] }, 'groups[0]'],
    [{ attributes: { team: 1 } }, 'attributes.team'],
    [{ attributes: { 'te}am': 'x' } }, 'attributes."te}am"'],
    [{ breakGlass: 'yes' }, 'breakGlass'],
    [{ password: 'x' }, 'password'],
  ])('refuse a user with %j', (change, path) => {
    expect(user(change)).toContain(`signIn[0].users[0].${path}`)
  })

  test('give one value or several to an attribute', () => {
    const users = [{ name: 'bob', passwordHash, attributes: { team: 'red', floors: ['1', '2'] } }]
    const config = load({ ...base, signIn: [{ ...method, users }] })
    expect(localUser(config)?.attributes).toEqual({ team: ['red'], floors: ['1', '2'] })
  })
})

describe('operation', () => {
  test.each([
    [{ issuers: {} }, 'issuers'],
    [{ issuers: { 'A B': { type: 'assume-role' } } }, 'issuers."A B"'],
    [
      { issuers: { hub: { type: 'assume-role', source: { type: 'profile' } } } },
      'issuers.hub.source.name',
    ],
    [{ issuers: { hub: { type: 'assume-role', chained: true } } }, 'issuers.hub.chained'],
    [{ accounts: { '1': { name: 'x' } } }, 'accounts.1'],
    [{ aws: { endpoints: { sts: 'http://sts.corp.example' } } }, 'aws.endpoints.sts'],
    [{ aws: { federationMethod: { 'aws-moon': 'GET' } } }, 'aws.federationMethod.aws-moon'],
    [{ aws: { federationMethod: { aws: 'PUT' } } }, 'aws.federationMethod.aws'],
    [{ aws: { timeouts: { connect: '2m' } } }, 'aws.timeouts.connect'],
    [{ network: { ca: 'no certificate' } }, 'network.ca'],
    [{ sessions: { idle: '2h', absolute: '1h' } }, 'sessions.idle'],
    [{ audit: { key: '${env:SHORT}' } }, 'audit.key'],
    [{ audit: { key: '${file:audit.key}', instance: 'a b' } }, 'audit.instance'],
    [{ state: 'sqlite:' }, 'state'],
    [{ state: 'sqlite::memory:' }, 'state'],
    [{ state: 'postgresql://db/x' }, 'state'],
    [{ log: { level: 'trace' } }, 'log.level'],
    [{ help: { label: 'x', href: 'javascript:alert(1)' } }, 'help.href'],
    [{ banner: 'x'.repeat(257) }, 'banner'],
  ])('refuses %j', (change, path) => {
    expect(faultPaths({ ...base, ...change }, { env: { SHORT: 'x' } })).toContain(path)
  })

  test('takes proxies from the environment, the lower case first, or none', () => {
    const env = {
      https_proxy: 'http://a:1',
      HTTPS_PROXY: 'http://b:1',
      HTTP_PROXY: 'http://c:1',
      no_proxy: 'localhost',
    }
    const { network } = load(base, { env })
    expect(network.httpsProxy?.reveal()).toBe('http://a:1')
    expect(network.httpProxy?.reveal()).toBe('http://c:1')
    expect(network.noProxy).toBe('localhost')
    const none = load({ ...base, network: { proxy: 'none' } }, { env }).network
    expect([none.httpsProxy, none.httpProxy, none.noProxy]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('takes addresses for help', () => {
    expect(tried({ help: { label: 'x', href: 'mailto:aws@corp.example' } })).toEqual([])
    expect(tried({ help: { label: 'x', href: 'https://wiki.corp.example/aws' } })).toEqual([])
  })
})
