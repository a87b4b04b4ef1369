import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { composeSaml, samlSettingsOf } from '../../src/compose/saml.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { fingerprintOf } from '../../src/identity/saml/metadata-certificates.ts'
import { auditKey, base } from '../config/configuration.ts'
import { heldEffects } from '../support/held-effects.ts'
import { loopbackServer } from '../support/loopback-server.ts'
import { RecordingLogger } from '../support/recording-logger.ts'
import { entityXml } from '../support/saml/idp-metadata.ts'
import { memoryClaims, memoryStates } from '../support/saml/memory-stores.ts'
import { samlCast } from '../support/saml/saml-cast.ts'

const { idp, nextIdp } = samlCast()
const metadata = entityXml({ keys: [{ key: idp }, { key: nextIdp }] })

function configured(methods: readonly object[]) {
  const folder = mkdtempSync(join(tmpdir(), 'postern-compose-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const path = join(folder, 'postern.yaml')
  writeFileSync(join(folder, 'audit.key'), auditKey)
  const state = 'sqlite:./data/postern.db'
  writeFileSync(path, stringify({ ...base, signIn: methods, grants: [], state }))
  return { config: loadConfig(path, {}), folder }
}

async function compose(methods: readonly object[]) {
  const { config, folder } = configured(methods)
  const naps: (() => void)[] = []
  const effects = {
    ...heldEffects(new Date()),
    sleep: () => new Promise<void>((resolve) => naps.push(resolve)),
  }
  const logger = new RecordingLogger()
  const parts = { claims: memoryClaims(), states: memoryStates(), effects, logger }
  const saml = await composeSaml(config, parts)
  onTestFinished(() => {
    saml.close()
  })
  const wake = async () => {
    naps.shift()?.()
    await delay(100)
  }
  return { saml, logger, folder, wake }
}

describe('SAML methods of a configuration', () => {
  test('stay closed while metadata never came, turn readiness red, and open once it does', async () => {
    let up = false
    const { origin } = await loopbackServer((response) => {
      response.writeHead(up ? 200 : 503).end(up ? metadata : 'away')
    })
    const method = { id: 'corp', type: 'saml', metadata: `${origin}/m`, metadataPrivate: true }
    const { saml, logger, folder, wake } = await compose([method])
    const [check] = saml.checks
    expect(check).toMatchObject({ name: 'SAML metadata of corp', vital: true })
    await expect(check?.check()).rejects.toThrow(/answered 503/)
    expect(logger.text()).toContain('nobody can sign in by this method yet')
    const [corp] = saml.methods
    expect(corp?.provider()).toBeUndefined()
    await expect(
      corp?.serviceProvider.startSignIn({ browserNonce: 'n', carry: '' }),
    ).rejects.toMatchObject({ name: 'ProviderUnavailable', status: 503 })
    up = true
    await wake()
    await check?.check()
    expect(corp?.provider()?.entityId).toBe('https://idp.example/entity')
    expect(existsSync(join(folder, 'data', 'saml-corp-metadata.xml'))).toBe(true)
    expect(saml.certificates()).toHaveLength(2)
  })

  test('are no reason to turn traffic away where there is another way in', async () => {
    const { saml } = await compose([
      { id: 'corp', type: 'saml', metadata: './gone.xml' },
      ...base.signIn,
    ])
    expect(saml.checks).toMatchObject([{ vital: false }])
    await expect(saml.checks[0]?.check()).rejects.toThrow(/gone\.xml can not be read/)
  })

  test('trust only certificates with a fingerprint that is configured', async () => {
    const { origin } = await loopbackServer((response) => response.end(metadata))
    const method = {
      id: 'corp',
      type: 'saml',
      metadata: `${origin}/m`,
      metadataPrivate: true,
      metadataFingerprints: [fingerprintOf(nextIdp.certificate)],
    }
    const { saml } = await compose([method])
    expect(saml.methods[0]?.provider()?.certificates.map(fingerprintOf)).toEqual([
      fingerprintOf(nextIdp.certificate),
    ])
  })

  test('take what the configuration says before what the preset says', () => {
    const settings = (more: object) => {
      const { config } = configured([{ id: 'corp', type: 'saml', metadata: './idp.xml', ...more }])
      const [method] = config.signIn
      if (method?.type !== 'saml') throw new Error('expected a SAML method')
      return samlSettingsOf(method, config.publicUrl)
    }
    expect(settings({})).toMatchObject({ signed: 'either', attributes: { id: [], groups: [] } })
    const okta = settings({ preset: 'okta', attributes: { groups: 'memberOf' } })
    expect(okta).toMatchObject({
      signed: 'both',
      attributes: { groups: ['memberOf'], email: ['email'] },
    })
    expect(settings({ preset: 'okta', signed: 'assertion' }).signed).toBe('assertion')
    expect(settings({ preset: 'entra' }).attributes.id).toEqual([
      'http://schemas.microsoft.com/identity/claims/objectidentifier',
    ])
    expect(settings({ entityId: 'urn:postern' })).toMatchObject({
      spEntityId: 'urn:postern',
      acsUrl: 'https://aws.corp.example/saml/corp/acs',
    })
  })
})
