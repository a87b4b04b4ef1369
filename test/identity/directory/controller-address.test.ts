import { describe, expect, test } from 'vitest'
import { readControllerAddress } from '../../../src/identity/directory/controller-address.ts'

describe('the URL of a controller', () => {
  test.each([
    ['ldaps://dc1.corp.example', false, 'dc1.corp.example', 636],
    ['ldaps://dc1.corp.example:3269/', false, 'dc1.corp.example', 3269],
    ['ldap://dc1', true, 'dc1', 389],
  ] as const)('%s', (url, startTls, host, port) => {
    expect(readControllerAddress(url, startTls)).toEqual({ url, host, port, startTls })
  })

  test.each([
    ['ldap://dc1.corp.example', false, /in the clear/],
    ['ldaps://dc1.corp.example', true, /TLS from the start/],
    ['ldaps://10.0.0.1', false, /must name a host/],
    ['ldaps://[::1]', false, /must name a host/],
    ['ldaps://127.1', false, /must name a host/],
    ['ldaps://2130706433', false, /must name a host/],
    ['ldaps://0x7f000001', false, /must name a host/],
    ['ldaps://', false, /must name a host|no ldaps/],
    ['ldaps:///', false, /must name a host/],
    ['ldaps://svc:secret@dc1', false, /host and a port only/],
    ['ldaps://dc1/DC=corp', false, /host and a port only/],
    ['ldaps://dc1?x', false, /host and a port only/],
    ['https://dc1', false, /no ldaps/],
    ['dc1.corp.example', false, /no ldaps/],
  ])('%s is refused (StartTLS: %s)', (url, startTls, reason) => {
    expect(() => readControllerAddress(url, startTls)).toThrow(reason)
  })
})
