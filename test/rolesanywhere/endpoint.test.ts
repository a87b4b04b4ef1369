import { describe, expect, test } from 'vitest'
import { resolveEndpoint } from '../../src/rolesanywhere/endpoint.ts'

const host = (region: string, options = {}): string =>
  resolveEndpoint({ region, ...options }).url.href

test.for([
  ['us-east-1', 'amazonaws.com', 'api.aws'],
  ['eu-central-1', 'amazonaws.com', 'api.aws'],
  ['ap-southeast-5', 'amazonaws.com', 'api.aws'],
  ['il-central-1', 'amazonaws.com', 'api.aws'],
  ['mx-central-1', 'amazonaws.com', 'api.aws'],
  ['xx-new-1', 'amazonaws.com', 'api.aws'],
  ['us-gov-west-1', 'amazonaws.com', 'api.aws'],
  ['cn-north-1', 'amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  ['eusc-de-east-1', 'amazonaws.eu', 'api.amazonwebservices.eu'],
] as const)('%s is below %s, with dual-stack below %s', ([region, suffix, dual]) => {
  expect(host(region)).toBe(`https://rolesanywhere.${region}.${suffix}/`)
  expect(host(region, { fips: true })).toBe(`https://rolesanywhere-fips.${region}.${suffix}/`)
  expect(host(region, { dualStack: true })).toBe(`https://rolesanywhere.${region}.${dual}/`)
  expect(host(region, { fips: true, dualStack: true })).toBe(
    `https://rolesanywhere-fips.${region}.${dual}/`,
  )
})

test.for([
  ['us-iso-east-1', 'c2s.ic.gov'],
  ['us-isob-east-1', 'sc2s.sgov.gov'],
  ['eu-isoe-west-1', 'cloud.adc-e.uk'],
  ['us-isof-south-1', 'csp.hci.ic.gov'],
] as const)('%s is below %s and has no dual-stack', ([region, suffix]) => {
  expect(host(region)).toBe(`https://rolesanywhere.${region}.${suffix}/`)
  expect(() => host(region, { dualStack: true })).toThrow(/no dual-stack/)
})

test.for(['fips-us-east-1', 'us-east-1-fips'])(
  '%s selects FIPS and signs for the region itself',
  (region) => {
    const endpoint = resolveEndpoint({ region })
    expect(endpoint.url.host).toBe('rolesanywhere-fips.us-east-1.amazonaws.com')
    expect(endpoint.signingRegion).toBe('us-east-1')
  },
)

describe('an endpoint of one’s own', () => {
  test('is taken with its port and prefix, and plain http', () => {
    expect(host('us-east-1', { endpoint: 'http://127.0.0.1:3001/base' })).toBe(
      'http://127.0.0.1:3001/base',
    )
  })

  test.for([
    ['a host without scheme', { endpoint: 'localhost:3001' }, /https:\/\//],
    ['another scheme', { endpoint: 'ftp://host' }, /https:\/\//],
    ['a password in it', { endpoint: 'https://a:b@host' }, /no user/],
    ['a query in it', { endpoint: 'https://host/?a=b' }, /no user, query/],
    ['FIPS', { endpoint: 'https://host', fips: true }, /neither with FIPS/],
    ['dual-stack', { endpoint: 'https://host', dualStack: true }, /nor with dual-stack/],
  ] as const)('is refused with %s', ([, options, message]) => {
    expect(() => host('us-east-1', options)).toThrow(message)
  })
})

test.for([
  '',
  'evil.example/',
  'us-east-1.evil.example',
  'us-east-1/',
  'US-EAST-1',
  'a@b',
  '-x',
  'x-',
])('refuses %j as a region, because it would name another host', (region) => {
  expect(() => host(region)).toThrow(/not the name of an AWS region/)
})
