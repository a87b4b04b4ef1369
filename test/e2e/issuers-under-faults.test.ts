import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Fault } from '../../sandbox/faults/faults.ts'
import type { Browser } from '../support/browser.ts'
import { openIssuerLab } from '../support/issuer-lab.ts'
import { arnOf } from '../support/issuer-world.ts'

/** What one region does while people go on asking. */
const faults: readonly Fault[] = [
  { kind: 'throttling' },
  { kind: 'internal-failure' },
  { kind: 'unavailable' },
  { kind: 'html' },
  { kind: 'half-answer' },
  { kind: 'reset' },
  { kind: 'slow', milliseconds: 2500 },
]
const askers = 6

/** Those that another try spares: Roles Anywhere has no second region. */
const passing: readonly Fault['kind'][] = ['throttling', 'internal-failure', 'unavailable', 'reset']
const asked = ['Hub', 'Saml', 'Anywhere'] as const

test(
  'nobody sees an error that a retry or the other region would have spared, and the trail agrees with AWS',
  { timeout: 120_000 },
  async () => {
    await using lab = await openIssuerLab({
      'issuers.hub.reuse': 0,
      'issuers.saml.reuse': 0,
      'issuers.anywhere.reuse': 0,
    })
    const browsers: Browser[] = []
    for (let asker = 0; asker < askers; asker += 1) browsers.push(await lab.signedIn())
    const stop = new AbortController()
    const received: string[] = []
    const failures: string[] = []

    const regional = new AbortController()
    const askOn = async (browser: Browser, role: string): Promise<void> => {
      const until = role === 'Anywhere' ? regional.signal : stop.signal
      while (!until.aborted) {
        const { status, location = '', text } = await browser.askFor(arnOf(role), false)
        const page = status === 303 ? (await browser.get(location)).text : text
        const key = /ASIA[A-Z0-9]{12,}/.exec(page)?.[0]
        if (key === undefined)
          failures.push(`${status} ${/<h1[^>]*>([^<]*)/.exec(page)?.[1] ?? ''}`)
        else received.push(key)
      }
    }
    const load = browsers.map((browser, index) =>
      askOn(browser, asked[index % asked.length] ?? 'Hub'),
    )
    for (const fault of faults) {
      for (const action of ['AssumeRole', 'AssumeRoleWithSAML'])
        lab.aws.faults.next(action, fault, 6)
      if (passing.includes(fault.kind)) lab.aws.faults.next('CreateSession', fault, 2)
      await delay(1200)
    }
    // Nobody can be spared a region that is away where there is no other.
    regional.abort()
    await Promise.all(load.filter((_one, index) => asked[index % asked.length] === 'Anywhere'))
    await lab.aws.faults.refuseConnections(2000)
    await delay(3500)
    stop.abort()
    await Promise.all(load)
    lab.aws.faults.clear()

    expect(failures).toEqual([])
    expect(received.length).toBeGreaterThan(faults.length * askers)
    expect(new Set(received).size).toBe(received.length)
    expect(lab.second.issued().length).toBeGreaterThan(0)

    await lab.broker.end('SIGTERM')
    const events = await lab.trail()
    const recorded = events
      .filter(({ type }) => type === 'role-session-issued')
      .map(({ accessKeyId }) => String(accessKeyId))
    const given = new Set(
      [...lab.aws.issued(), ...lab.second.issued()].map(({ accessKeyId }) => accessKeyId),
    )
    // Whatever a page showed was recorded, whatever was recorded AWS gave.
    expect(received.filter((key) => !recorded.includes(key))).toEqual([])
    expect(recorded.filter((key) => !given.has(key))).toEqual([])
    // What AWS gave and nobody recorded went down with a lost answer, and its request is in the trail.
    const lost = given.size - recorded.length
    expect(lost).toBeLessThanOrEqual(2 * 2 * 6)
    expect(events.some(({ type }) => type === 'role-session-failed')).toBe(false)
  },
)
