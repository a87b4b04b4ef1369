import { describe, expect, test } from 'vitest'
import { AwsUnavailable } from '../../../src/errors.ts'
import { planDurations } from '../../../src/entitlements/durations.ts'
import type { RoleSession } from '../../../src/role-session.ts'
import { roleSessionEndedModel } from '../../../src/web/pages/role-session-ended-model.ts'
import {
  roleSessionModel,
  type RoleSessionQuery,
} from '../../../src/web/pages/role-session-model.ts'
import { factsOf } from '../../../src/web/role-sessions/role-session-facts.ts'
import { roleOf } from '../../support/broker-fakes.ts'
import {
  chained,
  consoleUrl,
  later,
  now,
  readOnly,
  secretAccessKey,
  sessionOf,
} from './page-facts.ts'

function pageOf(session: RoleSession, query: RoleSessionQuery = {}, at = now) {
  const facts = factsOf(session, 'request-1')
  const secrets = { credentials: session.credentials, consoleUrl }
  return roleSessionModel({ facts, secrets, query, now: at })
}

const renewOf = (page: {
  readonly renew: readonly { readonly name: string; readonly value: string }[]
}) => Object.fromEntries(page.renew.map(({ name, value }) => [name, value]))

describe('the results page', () => {
  test('tells how long console and credentials last, and why', () => {
    const page = pageOf(sessionOf())
    expect(page).toMatchObject({
      main: 'console',
      leftText: '1 h',
      expires: { text: '10:14 UTC' },
      console: {
        kind: 'link',
        lastsText: '12 h',
        ends: { text: '21:14 UTC' },
        urlLeftText: '15 min',
      },
    })
    expect(page.reasons).toEqual([
      'The credentials last 1 hour, the default of this role; at most 4 hours, the maximum set for this role.',
      'The console lasts 12 hours, the maximum set for this role.',
      'Whoever holds these acts as you in Production until they end: Postern can forget them, AWS can’t take them back.',
    ])
  })

  test('names the next day where the console ends on it', () => {
    const late = new Date('2026-11-20T23:00:00Z')
    const console = {
      ...consoleOf(sessionOf()),
      consoleExpiration: new Date('2026-11-21T11:00:00Z'),
    }
    const page = pageOf(sessionOf({ console }), {}, late)
    expect(page.console).toMatchObject({ ends: { text: '2026-11-21 11:00 UTC' } })
  })

  test('tells a cause once, and a note once', () => {
    const plan = planDurations(roleOf(readOnly), {}, chained)
    const note = 'AWS refused 12 hours for the console.'
    const console = { ...consoleOf(sessionOf()), notes: [note] }
    const page = pageOf(sessionOf({ plan, console, notes: [note] }))
    expect(page.notes).toEqual([note])
    expect(page.reasons.join(' ').split('role chaining')).toHaveLength(2)
  })

  test('holds the secrets in every format, and in no masked one', () => {
    const { snippets } = pageOf(sessionOf())
    for (const { id, text, masked } of snippets) {
      expect(text, id).toContain(secretAccessKey)
      expect(masked, id).not.toContain(secretAccessKey)
    }
    const marked = snippets.find(({ id }) => id === 'values')?.values.filter(({ secret }) => secret)
    expect(marked?.map(({ label }) => label)).toEqual(['Secret access key', 'Session token'])
  })

  test('takes region, profile and format from the address', () => {
    const query = { format: 'profile', region: 'us-east-2', profile: 'mine', show: 'secrets' }
    const page = pageOf(sessionOf(), query)
    const profile = page.snippets.find(({ id }) => id === 'profile')
    expect(profile?.text).toMatch(/^\[mine\]\n[^]*region = us-east-2\n/)
    expect(page).toMatchObject({ format: 'profile', showSecrets: true, errors: [] })
    expect(page.hideHref).toBe(
      '/role-sessions/AAAAAAAAAAAAAAAAAAAAAA?format=profile&region=us-east-2&profile=mine',
    )
  })

  test('leaves the region out when none is wanted', () => {
    const bash = pageOf(sessionOf(), { region: '' }).snippets[0]
    expect(bash?.text).not.toContain('AWS_REGION')
  })

  test.for([
    { region: "x'; rm -rf ~; '" },
    { region: 'eu-west-1\nexport X=1' },
    { profile: 'a]\n[default' },
    { profile: '' },
    { profile: 'x'.repeat(65) },
  ])('keeps what stands for a region or profile that is none: %j', (query) => {
    const page = pageOf(sessionOf(), query)
    expect(page.errors).toHaveLength(1)
    expect(page.region.selected).toBe('eu-west-1')
    expect(page.profileName).toBe('production-readonly')
  })

  test('opens the first format for one that there is not', () => {
    expect(pageOf(sessionOf(), { format: '__proto__' }).format).toBe('bash')
  })

  test('says that the link is over after its 15 minutes, and gives it to nobody', () => {
    const page = pageOf(sessionOf(), {}, later(900))
    expect(page.console).toMatchObject({ kind: 'link-expired' })
    expect(JSON.stringify(page)).not.toContain('SigninToken')
  })

  test('leads to the command line when there is no console', () => {
    expect(pageOf(sessionOf({ console: undefined }))).toMatchObject({
      main: 'command-line',
      console: { kind: 'none' },
    })
    const failed = pageOf(sessionOf({ console: new AwsUnavailable('AWS did not answer.') }))
    expect(failed).toMatchObject({
      main: 'command-line',
      console: { kind: 'failed', message: 'AWS did not answer.' },
    })
  })

  test('signs out first by the one host that is known to come back', () => {
    const page = pageOf(sessionOf())
    const url = page.console.kind === 'link' ? page.console.logoutFirstUrl : undefined
    const target = new URL(url ?? '').searchParams.get('redirect_uri')
    expect(url).toMatch(/^https:\/\/us-east-1\.signin\.aws\.amazon\.com\/oauth\?Action=logout&/)
    expect(target).toBe(consoleUrl.replace('signin.', 'us-east-1.signin.'))
  })

  test.for([
    'https://eu-west-1.signin.aws.amazon.com/federation?Action=login',
    'https://signin.amazonaws.cn/federation?Action=login',
    'http://localhost:3001/federation?Action=login',
    'http://signin.aws.amazon.com/federation?Action=login',
  ])('has no such way for %s', (url) => {
    const facts = factsOf(sessionOf(), 'request-1')
    const secrets = { credentials: sessionOf().credentials, consoleUrl: url }
    const page = roleSessionModel({ facts, secrets, query: {}, now })
    expect(page.console).toMatchObject({ kind: 'link', logoutFirstUrl: undefined })
  })

  test('renews what was issued, and asks for no console duration where AWS takes none', () => {
    expect(renewOf(pageOf(sessionOf()))).toEqual({
      role: readOnly,
      console: 'true',
      duration: '3600',
      consoleDuration: '43200',
      region: 'eu-west-1',
      destination: 'https://console.aws.amazon.com/',
    })
    const plan = planDurations(roleOf(readOnly), {}, chained)
    const cli = pageOf(sessionOf({ plan, console: undefined, region: undefined }))
    expect(renewOf(cli)).toEqual({ role: readOnly, console: 'false', duration: '3600' })
  })

  test('names a profile that every tool takes, whatever the account is called', () => {
    const named = (name: string) => {
      const role = roleOf(readOnly, { account: { id: '111111111111', name, tone: 'calm' } })
      return pageOf(sessionOf({ role })).profileName
    }
    expect(named('Prod (EU) – Zürich')).toBe('prod-eu-zurich-readonly')
    expect(named('本番')).toBe('readonly')
    expect(named('x'.repeat(100))).toBe('x'.repeat(64))
  })

  test('tells old AWS CLIs of an STS that is not AWS’s own', () => {
    const session = sessionOf()
    const facts = factsOf(session, 'request-1')
    const stsEndpoint = 'http://localhost:3001'
    const page = roleSessionModel({ facts, secrets: session, query: {}, now, stsEndpoint })
    expect(page.endpointHint).toContain('--endpoint-url http://localhost:3001')
    expect(page.snippets[0]?.text).toContain("AWS_ENDPOINT_URL_STS='http://localhost:3001'")
  })
})

describe('the results page after the end', () => {
  test('says what still runs', () => {
    const page = roleSessionEndedModel(factsOf(sessionOf(), 'request-1'), later(4000))
    expect(page).toMatchObject({
      ended: { text: '10:14 UTC' },
      consoleEnds: { text: '21:14 UTC' },
      lastsText: '1 h',
    })
  })

  test('says nothing of a console that has ended or never was', () => {
    const facts = factsOf(sessionOf(), 'request-1')
    expect(roleSessionEndedModel(facts, later(50_000)).consoleEnds).toBeUndefined()
    const none = factsOf(sessionOf({ console: undefined }), 'request-1')
    expect(roleSessionEndedModel(none, later(4000)).consoleEnds).toBeUndefined()
  })
})

function consoleOf({ console }: RoleSession) {
  if (!console || console instanceof Error) throw new Error('no console')
  return console
}
