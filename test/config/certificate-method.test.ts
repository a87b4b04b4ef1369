import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { issue } from '../keys/test-certificates.ts'
import { base, faultLines, faultPaths, load } from './configuration.ts'

const { certificatePem, keyPem } = issue()
const files = {
  'proxy-secret': 'the-secret-between-proxy-and-postern\n',
  'short-secret': 'too-short\n',
  'directory-password': 'hunter2secret\n',
  'tls/certificate.pem': certificatePem,
  'tls/key.pem': keyPem,
}
const listen = {
  port: 8444,
  url: 'https://aws.corp.example:8444',
  tls: { certificate: 'tls/certificate.pem', key: '/etc/ssl/key.pem' },
}
const proxy = { format: 'nginx', addresses: ['10.0.0.5'], secret: '${file:proxy-secret}' }
const shared = {
  id: 'card',
  type: 'client-certificate',
  people: 'staff',
  authorities: [{ name: 'corp', files: ['corp-ca.pem'], sources: [{ type: 'upn' }] }],
  revocation: { lists: [{ file: 'corp-ca.crl' }] },
}
const direct = { ...shared, listen }
const proxied = { ...shared, proxy }
const directory = {
  id: 'ad',
  type: 'active-directory',
  people: 'staff',
  urls: ['ldaps://dc1.corp.example'],
  baseDn: 'DC=corp,DC=example',
  realm: 'corp.example',
  bind: { as: 'service-account', name: 'svc', password: '${file:directory-password}' },
}

const withMethods = (...methods: readonly object[]) => ({ ...base, signIn: methods, grants: [] })
const loaded = (method: object) => load(withMethods(method), { files }).signIn[0]
const faults = (...methods: readonly object[]) => faultPaths(withMethods(...methods), { files })

describe('a method of client certificates', () => {
  test('has a listener of its own, with paths that start at the file', () => {
    expect(loaded(direct)).toEqual({
      type: 'client-certificate',
      id: 'card',
      label: 'Smart card or certificate',
      people: 'staff',
      authorities: [
        {
          name: 'corp',
          files: ['/etc/postern/corp-ca.pem'],
          sources: [{ type: 'upn', domains: [] }],
          groups: [],
        },
      ],
      revocation: {
        lists: [
          {
            location: { file: '/etc/postern/corp-ca.crl' },
            refreshSeconds: 3600,
            alarmSeconds: 86_400,
          },
        ],
        responders: [],
        failPolicy: 'hard',
      },
      directory: undefined,
      machines: false,
      entry: {
        by: 'listener',
        host: '127.0.0.1',
        port: 8444,
        url: 'https://aws.corp.example:8444',
        certificate: '/etc/postern/tls/certificate.pem',
        key: '/etc/ssl/key.pem',
      },
    })
  })

  test('or a proxy, which proves itself by a secret, a certificate, or as AWS can', () => {
    expect(loaded(proxied)).toMatchObject({
      entry: {
        by: 'proxy',
        format: 'nginx',
        headers: {},
        addresses: ['10.0.0.5'],
        proof: { by: 'secret', header: 'X-Postern-Proxy' },
      },
    })
    const tls = { certificate: '${file:tls/certificate.pem}', key: '${file:tls/key.pem}' }
    const unproven = { format: 'nginx', addresses: ['10.0.0.5'] }
    const mutual = { ...shared, proxy: { ...unproven, authorities: ['proxies.pem'] } }
    const own = { ...withMethods(mutual), listen: { ...base.listen, tls } }
    expect(load(own, { files }).signIn[0]).toMatchObject({
      entry: { proof: { by: 'certificate', authorities: ['/etc/postern/proxies.pem'] } },
    })
    const balancer = { ...unproven, format: 'alb-verify', addressAlone: true }
    expect(loaded({ ...shared, proxy: balancer })).toMatchObject({
      entry: { proof: { by: 'address' } },
    })
  })

  test('keeps the secret of the proxy out of what is printed', () => {
    expect(JSON.stringify(loaded(proxied))).not.toContain('the-secret-between')
  })

  test('takes every source, lists by address, responders, and the word that nothing is revoked', () => {
    const sources = [
      { type: 'upn', domains: ['corp.example'] },
      { type: 'email', domains: ['corp.example'] },
      { type: 'spiffe', trustDomain: 'corp.example' },
      { type: 'issuer-and-serial' },
      { type: 'sid' },
      { type: 'fingerprint' },
      { type: 'common-name' },
    ]
    const authorities = [{ name: 'corp', files: ['a.pem', 'b.pem'], sources, groups: ['cards'] }]
    const revocation = {
      lists: [{ url: 'https://pki.corp.example/ca.crl', refresh: '10m', alarm: '12h' }],
      responders: [{ url: 'http://ocsp.corp.example', authorities: ['a.pem'], nonce: 'optional' }],
      failPolicy: 'soft',
    }
    expect(loaded({ ...direct, authorities, revocation })).toMatchObject({
      authorities: [{ sources, groups: ['cards'] }],
      revocation: {
        lists: [
          {
            location: { url: 'https://pki.corp.example/ca.crl' },
            refreshSeconds: 600,
            alarmSeconds: 43_200,
          },
        ],
        responders: [
          { url: 'http://ocsp.corp.example', authorities: ['/etc/postern/a.pem'], timeout: 3000 },
        ],
        failPolicy: 'soft',
      },
    })
    expect(loaded({ ...direct, revocation: { unchecked: true } })).toMatchObject({
      revocation: undefined,
    })
  })

  const authority = shared.authorities[0]
  test.each([
    [{ authorities: [] }, 'authorities'],
    [{ authorities: [{ ...authority, files: [] }] }, 'authorities[0].files'],
    [{ authorities: [{ ...authority, sources: [] }] }, 'authorities[0].sources'],
    [
      { authorities: [{ ...authority, sources: [{ type: 'dn' }] }] },
      'authorities[0].sources[0].type',
    ],
    [
      { authorities: [{ ...authority, sources: [{ type: 'spiffe' }] }] },
      'authorities[0].sources[0].trustDomain',
    ],
    [{ authorities: [authority, authority] }, 'authorities[1].name'],
    [{ revocation: undefined }, 'revocation'],
    [{ revocation: {} }, 'revocation'],
    [{ revocation: 'none' }, 'revocation'],
    [{ revocation: { unchecked: true, lists: [{ file: 'corp-ca.crl' }] } }, 'revocation.unchecked'],
    [{ revocation: { lists: [{}] } }, 'revocation.lists[0]'],
    [
      { revocation: { lists: [{ url: 'http://pki.corp.example/ca.crl' }] } },
      'revocation.lists[0].url',
    ],
    [
      { revocation: { responders: [{ url: 'ldap://ocsp.corp.example' }] } },
      'revocation.responders[0].url',
    ],
    [{ directory: 'nowhere' }, 'directory'],
    [{ machines: true }, 'machines'],
    [{ listen: undefined }, ''],
    [{ proxy }, ''],
    [{ listen: { ...listen, url: 'http://localhost:8444' } }, 'listen.url'],
    [{ listen: { ...listen, url: 'https://aws.corp.example/certificates' } }, 'listen.url'],
    [{ listen: { ...listen, url: base.publicUrl } }, 'listen.url'],
    [{ listen: { ...listen, tls: undefined } }, 'listen.tls'],
  ])('is not taken with %j', (change, path) => {
    expect(faults({ ...direct, ...change })).toEqual([`signIn[0]${path && `.${path}`}`])
  })

  test.each([
    [{ secret: undefined }, ''],
    [{ secret: '${file:short-secret}' }, '.secret'],
    [{ secret: 'the-secret-between-proxy-and-postern' }, '.secret'],
    [{ authorities: ['proxies.pem'] }, ''],
    [{ secret: undefined, authorities: ['proxies.pem'] }, '.authorities'],
    [{ secret: undefined, addressAlone: true }, '.addressAlone'],
    [{ addresses: [] }, '.addresses'],
    [{ addresses: ['proxy.corp.example'] }, '.addresses[0]'],
    [{ format: 'apache' }, '.format'],
    [{ headers: { chain: 'X-Chain' } }, '.headers.chain'],
    [{ headers: { verify: 'x-postern-proxy' } }, '.headers.verify'],
    [{ headers: { certificate: 'X-One', verify: 'x-one' } }, '.headers.verify'],
    [{ headers: { certificate: 'X_Client_Cert' } }, '.headers.certificate'],
  ])('behind a proxy is not taken with %j', (change, path) => {
    expect(faults({ ...shared, proxy: { ...proxy, ...change } })).toEqual([
      `signIn[0].proxy${path}`,
    ])
  })

  test('looks people up in a directory of the same people that has a service account', () => {
    const card = { ...direct, directory: 'ad', machines: true }
    expect(load(withMethods(directory, card), { files }).signIn[1]).toMatchObject({
      directory: 'ad',
      machines: true,
    })
    const others = { ...directory, people: 'others' }
    expect(faults(others, card)).toEqual(['signIn[1].directory'])
    const asUser = { ...directory, bind: { as: 'user' } }
    expect(faults(asUser, card)).toEqual(['signIn[1].directory'])
  })

  test('shares neither port nor address with another one', () => {
    expect(faults(direct, { ...direct, id: 'machines' })).toEqual([
      'signIn[1].listen.port',
      'signIn[1].listen.url',
    ])
  })

  test('is told all its faults at once', () => {
    const lines = faultLines(
      withMethods({ ...direct, directory: 'nowhere', listen: { ...listen, url: base.publicUrl } }),
      { files },
    )
    expect(lines).toHaveLength(2)
  })
})

describe('the guide to client certificates', () => {
  const guide = readFileSync('docs/client-certificates.md', 'utf8')

  test('has methods that load', () => {
    const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) =>
      z.record(z.string(), z.unknown()).parse(parse(yaml)),
    )
    expect(examples).toHaveLength(3)
    for (const example of examples) {
      expect(faultLines({ ...base, grants: [], ...example }, { files })).toEqual([])
    }
  })

  test('explains every code that the trail may show', () => {
    const source = readFileSync('src/identity/client-certificate/certificate-refusal.ts', 'utf8')
    const codes = [...source.matchAll(/^ {2}(certificate_\w+):/gm)].map(([, code]) => code)
    const told = [...guide.matchAll(/^\| `(certificate_\w+)`/gm)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(20)
    expect(told.sort()).toEqual(codes.sort())
  })

  test('names every source', () => {
    const told = [...guide.matchAll(/^\| `([a-z-]+)` /gm)].map(([, type]) => type)
    const sources = told.map((type) => ({ type, ...(type === 'spiffe' && { trustDomain: 'a' }) }))
    expect(told).toHaveLength(7)
    expect(faults({ ...direct, authorities: [{ ...shared.authorities[0], sources }] })).toEqual([])
  })
})
