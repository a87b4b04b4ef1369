import { describe, expect, onTestFinished, test } from 'vitest'
import { composeKerberos, kerberosSettings } from '../../src/compose/kerberos.ts'
import { loadGssapi } from '../../src/identity/kerberos/gssapi.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import { base, load } from '../config/configuration.ts'
import { fakeDirectory, FakeGssapi } from '../support/kerberos/fake-kerberos.ts'
import { RecordingLogger } from '../support/recording-logger.ts'

const windows = {
  id: 'corp',
  type: 'active-directory',
  people: 'staff',
  urls: ['ldaps://dc1.corp.example'],
  baseDn: 'DC=corp,DC=example',
  realm: 'corp.example',
  bind: { as: 'service-account', name: 'svc@corp.example', password: '${file:password}' },
}

function configured(change: object = {}) {
  const kerberos = {
    id: 'windows',
    type: 'kerberos',
    people: 'staff',
    directory: 'corp',
    ...change,
  }
  const document = { ...base, signIn: [kerberos, windows], grants: [] }
  return load(document, { files: { password: 'hunter2secret' } })
}

/** composeKerberos with a fake directory; without a load function, the package that isn't installed. */
function compose(change: object, gssapi?: FakeGssapi) {
  const logger = new RecordingLogger()
  const missing = () => Promise.reject(new Error('Cannot find package kerberos'))
  const composed = composeKerberos(configured(change), {
    directories: new Map([['corp', fakeDirectory]]),
    claims: { claim: () => Promise.resolve(true), deleteExpired: () => Promise.resolve(0) },
    effects: { now: () => new Date() },
    logger,
    metrics: { ticketRefused: () => undefined },
    load: gssapi ? () => Promise.resolve(gssapi) : () => loadGssapi(missing),
  })
  return { composed, logger }
}

describe('a configuration with Kerberos', () => {
  test('takes tickets for the host of publicUrl and of the directory’s realm, unless told otherwise', () => {
    const settingsOf = (change = {}) => {
      const config = configured(change)
      const [method] = config.signIn
      if (method?.type !== 'kerberos') throw new Error('no method')
      return kerberosSettings(method, config)
    }
    expect(settingsOf()).toMatchObject({
      service: 'HTTP@aws.corp.example',
      realm: 'CORP.EXAMPLE',
      people: 'staff',
    })
    const change = { service: 'HTTP/postern.corp.example', realm: 'OTHER.EXAMPLE' }
    expect(settingsOf(change)).toMatchObject({
      service: 'HTTP@postern.corp.example',
      realm: 'OTHER.EXAMPLE',
    })
  })

  test('is ready once there is a key for its service', async () => {
    const gssapi = new FakeGssapi()
    gssapi.service = 'HTTP@aws.corp.example'
    const { composed, logger } = compose({ automatic: true, machines: true }, gssapi)
    const { method, checks } = await composed
    expect(method).toMatchObject({ id: 'windows', automatic: true, machines: true })
    await checks[0]?.check()
    expect(logger.lines).toEqual([])
  })

  test('says in the log and in readiness that the package is missing, and goes on', async () => {
    const { composed, logger } = compose({})
    const { method, checks } = await composed
    expect(method?.id).toBe('windows')
    expect(checks).toMatchObject([{ name: 'Kerberos key of windows', vital: false }])
    await expect(checks[0]?.check()).rejects.toThrow(
      'npm install --no-save --no-strict-allow-scripts kerberos@7.0.0',
    )
    expect(logger.lines).toMatchObject([{ level: 'error', fields: { method: 'windows' } }])
    expect(logger.text()).toContain(
      'npm install --no-save --no-strict-allow-scripts kerberos@7.0.0',
    )
  })

  test('says which key the keytab lacks, until it is there', async () => {
    const gssapi = new FakeGssapi()
    const { composed, logger } = compose({}, gssapi)
    const { checks } = await composed
    expect(logger.text()).toContain('no key for HTTP@aws.corp.example')
    await expect(checks[0]?.check()).rejects.toThrow('no key for HTTP@aws.corp.example')
    gssapi.service = 'HTTP@aws.corp.example'
    await checks[0]?.check()
  })

  test('names its keytab to the Kerberos library', async () => {
    const before = process.env['KRB5_KTNAME']
    onTestFinished(() => {
      if (before === undefined) Reflect.deleteProperty(process.env, 'KRB5_KTNAME')
      else process.env['KRB5_KTNAME'] = before
    })
    await compose({}, new FakeGssapi()).composed
    expect(process.env['KRB5_KTNAME']).toBe(before)
    await compose({ keytab: 'http.keytab' }, new FakeGssapi()).composed
    expect(process.env['KRB5_KTNAME']).toBe('FILE:/etc/postern/http.keytab')
  })
})

test('a configuration without Kerberos has nothing of it', async () => {
  const composed = await composeKerberos(load(base), {
    directories: new Map(),
    claims: { claim: () => Promise.resolve(true), deleteExpired: () => Promise.resolve(0) },
    effects: { now: () => new Date() },
    logger: new RecordingLogger(),
    metrics: { ticketRefused: () => undefined },
    load: () => Promise.reject(new Error('nobody asked')),
  })
  expect(composed).toMatchObject({ method: undefined, checks: [] })
})

test('metrics count refused tickets by code', async () => {
  const metrics = new Metrics()
  metrics.ticketRefused('windows', 'kerberos_ntlm')
  const series = 'postern_ticket_refusals_total{method="windows",code="kerberos_ntlm"} 1'
  expect(await metrics.text()).toContain(series)
})
