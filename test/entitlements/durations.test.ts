import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { longDuration, shortDuration } from '../../src/entitlements/duration-text.ts'
import { type IssuerLimits, planDurations } from '../../src/entitlements/durations.ts'
import { InvalidDuration } from '../../src/errors.ts'

const hour = 3600
const role = {
  durations: {
    credentials: { default: hour, max: 4 * hour },
    console: { default: 12 * hour, max: 12 * hour },
  },
}
const unlimited: IssuerLimits = { maxSeconds: 12 * hour, console: 'own-duration', why: undefined }
const chained: IssuerLimits = {
  maxSeconds: hour,
  console: 'as-credentials',
  why: 'the broker’s own credentials are temporary and AWS caps role chaining',
}

describe('a plan', () => {
  test('gives the defaults and says what may be chosen', () => {
    expect(planDurations(role, {}, unlimited)).toEqual({
      credentials: {
        seconds: hour,
        maxSeconds: 4 * hour,
        why: '1 hour, the default of this role; at most 4 hours, the maximum set for this role',
      },
      console: {
        seconds: 12 * hour,
        maxSeconds: 12 * hour,
        why: '12 hours, the maximum set for this role',
        send: true,
      },
    })
  })

  test('gives what was chosen', () => {
    const plan = planDurations(role, { duration: 2 * hour, consoleDuration: 900 }, unlimited)
    expect(plan.credentials).toMatchObject({ seconds: 2 * hour, why: '2 hours, as chosen' })
    expect(plan.console).toMatchObject({ seconds: 900, why: '15 minutes, as chosen', send: true })
  })

  test('lowers a default to what AWS gives, and says why', () => {
    const generous = {
      durations: { ...role.durations, credentials: { default: 4 * hour, max: 4 * hour } },
    }
    const { credentials, console } = planDurations(generous, {}, chained)
    expect(credentials).toEqual({
      seconds: hour,
      maxSeconds: hour,
      why: '1 hour, because the broker’s own credentials are temporary and AWS caps role chaining',
    })
    expect(console).toEqual({
      seconds: hour,
      maxSeconds: hour,
      why: '1 hour, like the credentials, because the broker’s own credentials are temporary and AWS caps role chaining',
      send: false,
    })
  })

  test('lets the console end with shorter credentials where AWS takes no duration for it', () => {
    const plan = planDurations(role, { duration: 1800 }, chained)
    expect(plan.console).toMatchObject({ seconds: 1800, send: false })
  })

  test.each([
    [
      'more than the role allows',
      { duration: 4 * hour + 1 },
      unlimited,
      /at most 4 hours, the maximum set for this role.*14400 seconds or less/,
    ],
    ['more than AWS gives', { duration: hour + 1 }, chained, /at most 1 hour, because the broker/],
    [
      'less than AWS takes',
      { duration: 899 },
      unlimited,
      /from 15 minutes \(900 seconds\) to 4 hours/,
    ],
    ['nothing', { duration: 0 }, unlimited, /15 minutes/],
    ['a negative number', { duration: -3600 }, unlimited, /15 minutes/],
    ['a fraction', { duration: 3600.5 }, unlimited, /whole number/],
    ['no number', { duration: Number.NaN }, unlimited, /whole number/],
    ['no end', { duration: Infinity }, unlimited, /whole number/],
    [
      'a longer console',
      { consoleDuration: 12 * hour + 1 },
      unlimited,
      /console session can last at most 12 hours/,
    ],
    ['a shorter console', { consoleDuration: 60 }, unlimited, /console session can last from/],
    [
      'a console that AWS can’t time',
      { consoleDuration: 12 * hour },
      chained,
      /ends with the credentials/,
    ],
  ])('refuses %s rather than clamp it', (_, requested, limits, message) => {
    expect(() => planDurations(role, requested, limits)).toThrow(InvalidDuration)
    expect(() => planDurations(role, requested, limits)).toThrow(message)
  })

  test('takes the length of the credentials for the console where AWS takes no duration', () => {
    const plan = planDurations(role, { duration: 1800, consoleDuration: 1800 }, chained)
    expect(plan.console).toMatchObject({ seconds: 1800, send: false })
  })

  test('never promises more than role and issuer, and never changes what was asked for', () => {
    const seconds = fc.integer({ min: 900, max: 43_200 })
    const range = fc
      .tuple(seconds, seconds)
      .map(([a, b]) => ({ default: Math.min(a, b), max: Math.max(a, b) }))
    const limits = fc.record({
      maxSeconds: seconds,
      console: fc.constantFrom('own-duration' as const, 'as-credentials' as const),
      why: fc.option(fc.constant('of a reason'), { nil: undefined }),
    })
    const asked = fc.option(fc.integer({ min: -1, max: 50_000 }), { nil: undefined })
    fc.assert(
      fc.property(range, range, limits, asked, (credentials, console, limit, duration) => {
        const most = Math.min(credentials.max, limit.maxSeconds)
        const make = () =>
          planDurations({ durations: { credentials, console } }, { duration }, limit)
        if (duration !== undefined && (duration < 900 || duration > most)) {
          expect(make).toThrow(InvalidDuration)
          return
        }
        const plan = make()
        expect(plan.credentials.maxSeconds).toBe(most)
        expect(plan.credentials.seconds).toBe(duration ?? Math.min(credentials.default, most))
        expect(plan.console.seconds).toBeLessThanOrEqual(plan.console.maxSeconds)
        expect(plan.console.send).toBe(limit.console === 'own-duration')
        if (!plan.console.send) expect(plan.console.seconds).toBe(plan.credentials.seconds)
      }),
    )
  })
})

test.each([
  [3600, '1 h', '1 hour'],
  [43_200, '12 h', '12 hours'],
  [5400, '90 min', '90 minutes'],
  [900, '15 min', '15 minutes'],
  [60, '1 min', '1 minute'],
  [8100, '2 h 15 min', '2 hours 15 minutes'],
  [7273, '2 h 1 min 13 s', '2 hours 1 minute 13 seconds'],
  [45, '45 s', '45 seconds'],
  [1, '1 s', '1 second'],
  [0, '0 s', '0 seconds'],
])('%i seconds read %s and %s', (seconds, short, long) => {
  expect(shortDuration(seconds)).toBe(short)
  expect(longDuration(seconds)).toBe(long)
})
