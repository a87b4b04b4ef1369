import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { composeIssuers } from '../../src/compose/issuers.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { AwsUnavailable } from '../../src/errors.ts'
import { configFile } from '../admin/config-file.ts'
import { base, faultLines } from '../config/configuration.ts'
import { orderOf } from '../issuers/orders.ts'
import { issue } from '../keys/test-certificates.ts'
import { awsEnvironment } from '../support/aws-environment.ts'
import { FakeTrail, roleArn } from '../support/broker-fakes.ts'
import { heldEffects } from '../support/held-effects.ts'
import { silentLogger } from '../support/silent-logger.ts'

const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'
const machine = issue({ commonName: 'postern.corp.example' })
const anywhere = {
  type: 'roles-anywhere',
  trustAnchorArn: 'arn:aws:rolesanywhere:us-east-1:111111111111:trust-anchor/a1',
  profileArn: 'arn:aws:rolesanywhere:us-east-1:111111111111:profile/p1',
  certificate: 'machine.pem',
}

/** A proxy on loopback that lets nothing through and remembers where everybody wanted to go. */
async function closedProxy() {
  const wanted: string[] = []
  const proxy = createServer()
  proxy.on('connect', ({ url = '' }, socket) => {
    wanted.push(url)
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => void proxy.close())
  const { port } = proxy.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, wanted }
}

/** Hosts that an issuer of this configuration asks. */
async function asked(issuer: object, aws: object): Promise<readonly string[]> {
  const file = configFile({
    ...base,
    issuers: { one: issuer },
    aws: { region: 'us-east-1', attempts: 1, ...aws },
  })
  writeFileSync(join(dirname(file), 'machine.pem'), machine.certificatePem + machine.keyPem)
  const proxy = await closedProxy()
  const { issuers } = composeIssuers({
    config: loadConfig(file, {}),
    effects: heldEffects(new Date(), { httpsProxy: proxy.url }),
    logger: silentLogger,
    audit: new FakeTrail(),
    claims: { claim: () => Promise.resolve(true), deleteExpired: () => Promise.resolve(0) },
    tellCall: () => undefined,
  })
  const issued = issuers.get('one')?.issue(orderOf({ role: roleArn(readOnly) }))
  await expect(issued).rejects.toThrow(AwsUnavailable)
  return [...new Set(proxy.wanted)]
}

describe('endpoints of AWS that the configuration selects', () => {
  const second = { failOver: { region: 'us-west-2' } }

  test.each<[string, object, readonly string[]]>([
    ['plain', {}, ['sts.us-east-1.amazonaws.com:443']],
    ['FIPS', { fips: true }, ['sts-fips.us-east-1.amazonaws.com:443']],
    ['dual-stack', { dualStack: true }, ['sts.us-east-1.api.aws:443']],
    [
      'both, in both regions',
      { fips: true, dualStack: true, ...second },
      ['sts-fips.us-east-1.api.aws:443', 'sts-fips.us-west-2.api.aws:443'],
    ],
  ])('of STS: %s', async (_which, aws, hosts) => {
    awsEnvironment({ AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' })
    expect(await asked({ type: 'assume-role' }, aws)).toEqual(hosts)
  })

  test('of STS are those of the configuration, whatever variant the environment asks for', async () => {
    awsEnvironment({
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_USE_FIPS_ENDPOINT: 'true',
    })
    const endpoints = { sts: 'https://sts.corp.example' }
    expect(await asked({ type: 'assume-role' }, { endpoints })).toEqual(['sts.corp.example:443'])
  })

  test.each<[string, object, string]>([
    ['plain', {}, 'rolesanywhere.us-east-1.amazonaws.com:443'],
    ['FIPS', { fips: true }, 'rolesanywhere-fips.us-east-1.amazonaws.com:443'],
    ['dual-stack', { dualStack: true }, 'rolesanywhere.us-east-1.api.aws:443'],
    [
      'an address of its own, which is called as it stands',
      { fips: true, endpoints: { rolesAnywhere: 'https://anywhere.corp.example' } },
      'anywhere.corp.example:443',
    ],
  ])('of Roles Anywhere: %s', async (_which, aws, host) => {
    expect(await asked(anywhere, aws)).toEqual([host])
  })

  test('of Roles Anywhere are refused as dual-stack where there are none', () => {
    const arn = (kind: string) => `arn:aws-iso:rolesanywhere:us-iso-east-1:111111111111:${kind}/a1`
    const isolated = {
      ...anywhere,
      trustAnchorArn: arn('trust-anchor'),
      profileArn: arn('profile'),
    }
    const document = { ...base, issuers: { one: isolated } }
    expect(faultLines({ ...document, aws: { dualStack: true } }).join()).toContain(
      'found true; expected false, because Roles Anywhere has no dual-stack endpoint in us-iso-east-1',
    )
    const endpoints = { rolesAnywhere: 'https://anywhere.corp.example' }
    expect(faultLines({ ...document, aws: { dualStack: true, endpoints } })).toEqual([])
    expect(faultLines(document)).toEqual([])
  })
})
