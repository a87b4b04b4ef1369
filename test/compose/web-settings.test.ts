import { expect, test } from 'vitest'
import { webSettings } from '../../src/compose/web-settings.ts'
import { base, load } from '../config/configuration.ts'

test.each([
  ['https://aws.corp.example', 'http://localhost:3001', undefined],
  ['https://aws.corp.example', 'http://127.0.0.1:3001', undefined],
  ['https://aws.corp.example', 'https://sts.vpce.example', 'https://sts.vpce.example'],
  ['http://localhost:3000', 'http://localhost:3001', 'http://localhost:3001'],
  ['https://aws.corp.example', undefined, undefined],
])('people at %s are told of an STS at %s: %s', (publicUrl, sts, told) => {
  const config = load({ ...base, publicUrl, aws: { endpoints: { ...(sts && { sts }) } } })
  expect(webSettings(config).stsEndpoint).toBe(told)
})
