import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import {
  samlCertificates,
  watchCertificates,
} from '../../../src/identity/saml/saml-certificates.ts'
import { Metrics } from '../../../src/telemetry/metrics.ts'
import { RecordingLogger } from '../../support/recording-logger.ts'
import { makeTestKey } from '../../support/saml/self-signed.ts'

const day = 86_400_000
const start = Date.parse('2026-11-20T09:00:00Z')
const ending = (days: number) =>
  makeTestKey({ notBefore: new Date(start - day), notAfter: new Date(start + days * day) })

const [soon, later] = [ending(29), ending(31)]
const settings = {
  method: 'corp',
  keys: { signing: [later], decryption: [soon], alsoPublish: [later.certificate] },
}
const provider = {
  entityId: 'https://idp.example',
  certificates: [soon.certificate, later.certificate],
  signIn: [],
  logout: [],
  validUntil: undefined,
}

test('every certificate of a method is found, the provider’s and ours', () => {
  const found = samlCertificates(settings, provider)
  expect(found.map(({ use }) => use)).toEqual([
    'provider',
    'provider',
    'signing',
    'announced',
    'decryption',
  ])
  expect(found[0]).toMatchObject({ method: 'corp', notAfter: start + 29 * day })
  expect(samlCertificates(settings, undefined)).toHaveLength(3)
})

test('the log warns 30 days before one ends, again later, and when it has', async () => {
  const logger = new RecordingLogger()
  const naps: (() => void)[] = []
  let now = start
  const effects = {
    now: () => new Date(now),
    sleep: () => new Promise<void>((resolve) => naps.push(resolve)),
  }
  const watch = watchCertificates(() => samlCertificates(settings, provider), effects, logger)
  onTestFinished(() => {
    watch[Symbol.dispose]()
  })
  const told = () =>
    logger.lines.map(({ fields }) => `${String(fields['use'])} ${String(fields['daysLeft'])}`)
  expect(told()).toEqual(['provider 29', 'decryption 29'])
  expect(logger.lines[0]).toMatchObject({
    level: 'warn',
    message: 'a SAML certificate expires soon',
  })
  now = start + 30 * day
  naps.shift()?.()
  await delay(1)
  expect(told().slice(2)).toEqual([
    'provider -1',
    'provider 1',
    'signing 1',
    'announced 1',
    'decryption -1',
  ])
  expect(logger.lines[2]?.message).toBe('a SAML certificate has expired')
  expect(logger.text()).not.toContain('BEGIN')
})

test('metrics tell the end of each, and forget one that was replaced', async () => {
  const metrics = new Metrics()
  let certificates = samlCertificates(settings, provider)
  metrics.samlCertificates(() => certificates)
  const series = async () =>
    (await metrics.text())
      .split('\n')
      .filter((line) => line.startsWith('postern_saml_certificate_'))
  const lines = await series()
  expect(lines).toHaveLength(5)
  expect(lines[0]).toMatch(
    /^postern_saml_certificate_not_after_timestamp_seconds\{method="corp",use="provider",fingerprint="[0-9a-f]{16}"\} \d+$/,
  )
  expect(lines[0]?.endsWith(String((start + 29 * day) / 1000))).toBe(true)
  certificates = certificates.slice(1)
  expect(await series()).toHaveLength(4)
})

test('metrics count refusals by code', async () => {
  const metrics = new Metrics()
  metrics.samlRefused('corp', 'saml_replay')
  metrics.samlRefused('corp', 'saml_replay')
  expect(await metrics.text()).toContain(
    'postern_saml_refusals_total{method="corp",code="saml_replay"} 2',
  )
})
