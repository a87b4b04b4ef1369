import { describe, expect, test } from 'vitest'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { matching } from '../../src/cli/stores/matching.ts'
import { parseCertSelector } from '../../src/cli/stores/cert-selector.ts'
import { issue } from '../keys/test-certificates.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-selector-'))

function file(content: string): string {
  const path = join(folder, `${Math.random()}.json`)
  writeFileSync(path, content)
  return `file://${path}`
}

describe('a certificate selector', () => {
  test.for([
    ['Key=x509Subject,Value=CN=me', { x509Subject: 'CN=me' }],
    [
      'Key=x509Subject,Value=CN=a b,O=c  Key=x509Serial,Value=0aB',
      { x509Subject: 'CN=a b,O=c', x509Serial: 'AB' },
    ],
    [
      '  Key=x509Issuer,Value=CN=Value=x,OU=Key\tKey=x509Subject,Value=CN=y ',
      { x509Issuer: 'CN=Value=x,OU=Key', x509Subject: 'CN=y' },
    ],
    ['Key=x509Serial,Value=0x00', { x509Serial: '0' }],
    [
      'Key=x509Subject,Value=CN=ä\nKey=x509Issuer,Value=CN=ö',
      { x509Subject: 'CN=ä', x509Issuer: 'CN=ö' },
    ],
  ] as const)('is read from %j', ([text, expected]) => {
    expect(parseCertSelector(text)).toEqual(expected)
  })

  test.for([
    ['Key=x509subject,Value=CN=me', 'cert selector contained invalid key'],
    ['Key=,Value=x', 'cert selector contained invalid key'],
    [
      'Key=x509Subject,Value=a Key=x509Subject,Value=b',
      "duplicate x509Subject keys can't be present in cert selector",
    ],
    ['', 'unable to parse cert selector string'],
    ['x509Subject=CN=me', 'unable to parse cert selector string'],
    ['Key=x509Subject', 'unable to parse cert selector string'],
    ['Key=x509Subject,Value=', 'unable to parse cert selector string'],
    ['Key=x509Serial,Value=not-hex', 'unable to parse cert selector string'],
    ['file:///nowhere/at/all', 'unable to read cert selector file'],
    [file('{}'), 'unable to parse JSON map entries'],
    [file('[1]'), 'unable to parse JSON map entries'],
    [file('[{"Key":"x509Subject"}]'), 'unable to parse JSON map entries'],
    [file('not json'), 'unable to parse JSON map entries'],
    [file('[{"Key":"other","Value":"x"}]'), 'cert selector contained invalid key'],
  ] as const)('is refused: %j', ([text, message]) => {
    expect(() => parseCertSelector(text)).toThrow(message)
  })

  test('is read from a file', () => {
    const entries = '[{"Key":"x509Subject","Value":"CN=me"},{"Key":"x509Serial","Value":"15"}]'
    expect(parseCertSelector(file(entries))).toEqual({ x509Subject: 'CN=me', x509Serial: '15' })
  })

  test('names certificates by subject, issuer and serial number, all of them', () => {
    const root = issue({ commonName: 'root', authority: true })
    const one = issue({ commonName: 'one', issuer: root, serial: 0xabn }).certificate
    const two = issue({ commonName: 'two', issuer: root, serial: 2n }).certificate
    const all = [one, two]
    expect(matching(all, {})).toEqual(all)
    expect(matching(all, parseCertSelector('Key=x509Subject,Value=CN=one'))).toEqual([one])
    expect(matching(all, parseCertSelector('Key=x509Issuer,Value=CN=root'))).toEqual(all)
    expect(matching(all, parseCertSelector('Key=x509Serial,Value=00ab'))).toEqual([one])
    expect(
      matching(all, parseCertSelector('Key=x509Serial,Value=AB Key=x509Subject,Value=CN=two')),
    ).toEqual([])
  })
})
