import { describe, expect, test } from 'vitest'
import {
  addressKey,
  canonicalAddress,
  clientAddress,
  trustedProxyList,
} from '../../src/identity/address.ts'

const none = trustedProxyList([])

describe('the address of a client', () => {
  test('is the peer, whatever a client writes into X-Forwarded-For', () => {
    expect(clientAddress('203.0.113.9', ['10.0.0.1, 127.0.0.1'], none)).toBe('203.0.113.9')
  })

  test('is what the trusted proxy saw, and not what stands left of it', () => {
    const trusted = trustedProxyList(['10.0.0.0/8'])
    expect(clientAddress('10.0.0.2', ['1.2.3.4, 203.0.113.9'], trusted)).toBe('203.0.113.9')
  })

  test('is looked for through several trusted proxies, over repeated headers', () => {
    const trusted = trustedProxyList(['10.0.0.0/8', '2001:db8:1::/48'])
    const headers = ['1.2.3.4', '203.0.113.9, 2001:db8:1::7', '10.9.9.9']
    expect(clientAddress('10.0.0.2', headers, trusted)).toBe('203.0.113.9')
  })

  test.each([
    ['[2001:db8::9]:4711', '2001:db8::9'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
  ])('reads the hop %s', (hop, address) => {
    expect(clientAddress('10.0.0.2', [hop], trustedProxyList(['10.0.0.2']))).toBe(address)
  })

  test.each(['unknown', '', '_hidden', '1.2.3', '10.0.0.1; drop'])(
    'stays with the last known hop where the next is %j',
    (hop) => {
      const trusted = trustedProxyList(['10.0.0.0/8'])
      expect(clientAddress('10.0.0.2', [hop], trusted)).toBe('10.0.0.2')
    },
  )

  test('sees a trusted IPv4 proxy behind a dual-stack socket', () => {
    const trusted = trustedProxyList(['10.0.0.0/8'])
    expect(clientAddress('::ffff:10.0.0.2', ['203.0.113.9'], trusted)).toBe('203.0.113.9')
  })

  test('is a word where the connection is gone', () => {
    expect(clientAddress(undefined, [], none)).toBe('unknown')
  })
})

test.each(['10.0.0.0/33', '2001:db8::/129', 'proxy.corp.example', '10.0.0.0/8/8', '10.0.0.0/', ''])(
  'refuses to trust %j',
  (entry) => {
    expect(() => trustedProxyList([entry])).toThrow(RangeError)
  },
)

test.each([
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:7f00:1', '127.0.0.1'],
  ['127.0.0.1', '127.0.0.1'],
  ['0x7f.1', undefined],
  ['localhost', undefined],
])('writes %s in one way', (text, address) => {
  expect(canonicalAddress(text)).toBe(address)
})

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['1:2:3::6:7:8', '1:2:3:0::/64'],
  ['::1.2.3.4', '0:0:0:0::/64'],
  ['203.0.113.9', '203.0.113.9'],
])('counts %s by %s', (address, key) => {
  expect(addressKey(address)).toBe(key)
})
