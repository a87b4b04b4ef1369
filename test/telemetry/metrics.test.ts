import { describe, expect, test } from 'vitest'
import type { BrokerMetrics } from '../../src/broker/broker-parts.ts'
import { Metrics } from '../../src/telemetry/metrics.ts'
import type { WebMetrics } from '../../src/web/dependencies.ts'

describe('metrics', () => {
  test('count what happened, under names of the configuration', async () => {
    const metrics = new Metrics()
    metrics.signIn('local', 'signed-in')
    metrics.signIn('local', 'refused')
    metrics.roleSession('hub', 'issued')
    metrics.roleSession('hub', 'issued')
    metrics.consoleUrl('failed')
    metrics.awsCall('AssumeRole', 'ok', 0.2)
    metrics.request('/role-sessions/:id', 'GET', 404, 0.003)
    metrics.auditHead(42)
    metrics.stateWriteFailed()
    const text = await metrics.text()
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'postern_sign_ins_total{method="local",outcome="signed-in"} 1',
        'postern_sign_ins_total{method="local",outcome="refused"} 1',
        'postern_role_sessions_total{issuer="hub",outcome="issued"} 2',
        'postern_console_urls_total{outcome="failed"} 1',
        'postern_aws_call_duration_seconds_bucket{le="0.25",operation="AssumeRole",outcome="ok"} 1',
        'postern_aws_call_duration_seconds_bucket{le="0.1",operation="AssumeRole",outcome="ok"} 0',
        'postern_http_request_duration_seconds_count{route="/role-sessions/:id",method="GET",status="4xx"} 1',
        'postern_audit_head 42',
        'postern_state_write_failures_total 1',
      ]),
    )
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds')
    expect(metrics.contentType).toContain('text/plain')
  })

  test('make no more series than their bound, whatever a visitor sends', async () => {
    const metrics = new Metrics()
    metrics.signIn('local', 'signed-in')
    for (let index = 0; index < 5_000; index++) {
      metrics.signIn(`method-${index}`, 'refused')
      metrics.request(`/made-up/${index}`, `VERB${index}`, 404, 0.001)
    }
    metrics.signIn('local', 'signed-in')
    const text = await metrics.text()
    const series = text.split('\n').filter((line) => line.startsWith('postern_sign_ins_total'))
    expect(series.length).toBeLessThan(70)
    expect(text).toContain('postern_sign_ins_total{method="local",outcome="signed-in"} 2')
    expect(text).toContain('postern_sign_ins_total{method="other",outcome="refused"} 4937')
  })

  test('know no method that a visitor made up, which would be a series for each route', async () => {
    const metrics = new Metrics()
    for (const method of ['GET', 'POST', 'PROPFIND', 'QUERY', 'PURGE']) {
      metrics.request('/sign-in', method, 405, 0.001)
    }
    const counts = (await metrics.text())
      .split('\n')
      .filter((line) => line.startsWith('postern_http_request_duration_seconds_count'))
    expect(counts.map((line) => /method="(\w+)"/.exec(line)?.[1])).toEqual(['GET', 'POST', 'other'])
  })

  test('tell of directories what was last heard of them', async () => {
    const metrics = new Metrics()
    const heard = new Map<string, number>()
    metrics.directories(() => [
      { method: 'corp', works: true, lastAnswer: 1_763_632_800_000 },
      { method: 'other', works: false, lastAnswer: heard.get('other') },
    ])
    const before = await metrics.text()
    expect(before).toContain('postern_directory_works{method="corp"} 1')
    expect(before).toContain('postern_directory_works{method="other"} 0')
    const last = 'postern_directory_last_answer_timestamp_seconds'
    expect(before).toContain(`${last}{method="corp"} 1763632800`)
    expect(before).not.toContain(`${last}{method="other"}`)
    heard.set('other', 1_763_632_860_000)
    expect(await metrics.text()).toContain(`${last}{method="other"} 1763632860`)
  })

  test('of two registries don’t meet', async () => {
    const [one, other] = [new Metrics(), new Metrics()]
    one.auditHead(5)
    expect(await other.text()).toContain('postern_audit_head 0')
  })

  test('fit what the broker and the pages ask for', () => {
    const metrics = new Metrics()
    const fitting: readonly [BrokerMetrics, WebMetrics] = [metrics, metrics]
    expect(fitting).toHaveLength(2)
  })
})
