import { STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { stsAddress, type StsSettings } from '../../src/issuers/sts-address.ts'
import { stsHost } from '../../src/issuers/sts-region.ts'

const regions = [
  ...['us-east-1', 'eu-west-1', 'mx-central-1', 'cn-north-1', 'us-gov-west-1', 'eusc-de-east-1'],
  ...['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1'],
]
const variants = [
  { fips: false, dualStack: false },
  { fips: true, dualStack: false },
  { fips: false, dualStack: true },
  { fips: true, dualStack: true },
]

test.each(regions)('in %s the host is the one that AWS’s SDK calls, in each variant', (region) => {
  const { config } = new STSClient({ region })
  for (const { fips, dualStack } of variants) {
    const asked = { Region: region, UseFIPS: fips, UseDualStack: dualStack }
    const found = config.endpointProvider({ ...asked, UseGlobalEndpoint: false }, {})
    expect(stsHost(region, { fips, dualStack })).toBe(found.url.host)
  }
})

const plain: StsSettings = {
  endpoints: { sts: undefined },
  failOver: undefined,
  fips: false,
  dualStack: false,
}

test('AWS’s plain endpoint is left to the SDK, a variant is named in both regions', () => {
  const failOver = { region: 'us-west-2', sts: undefined }
  expect(stsAddress(plain, 'us-east-1')).toBeUndefined()
  const fips = { ...plain, failOver, fips: true }
  expect(stsAddress(fips, 'us-east-1')).toBe('https://sts-fips.us-east-1.amazonaws.com')
  expect(stsAddress(fips, 'us-west-2')).toBe('https://sts-fips.us-west-2.amazonaws.com')
})

test('a configured address is called as it stands', () => {
  const endpoints = { sts: 'https://sts.corp.example' }
  const failOver = { region: 'us-west-2', sts: 'https://sts-2.corp.example' }
  const own = { ...plain, endpoints, failOver, fips: true, dualStack: true }
  expect(stsAddress(own, 'us-east-1')).toBe('https://sts.corp.example')
  expect(stsAddress(own, 'us-west-2')).toBe('https://sts-2.corp.example')
})
