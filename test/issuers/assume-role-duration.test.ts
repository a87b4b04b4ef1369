import { describe, expect, test } from 'vitest'
import { AwsRefused } from '../../src/errors.ts'
import { formOf } from '../support/loopback-server.ts'
import { assumeRoleOn } from './assume-role-on.ts'
import { orderOf } from './orders.ts'
import { gives, refuses } from './sts-answers.ts'

describe('a duration that AWS refuses', () => {
  const exceeds = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'
  const chaining =
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.'

  test('is left out once, and what was given is said', async () => {
    const { issuer, received } = await assumeRoleOn([
      refuses(400, 'ValidationError', exceeds),
      gives(),
    ])
    await expect(issuer.issue(orderOf({ durationSeconds: 14_400 }))).resolves.toMatchObject({
      durationSeconds: 3600,
      notes: [
        "AWS gave 1 hour instead of 4 hours: that is more than the role's maximum session duration in IAM.",
      ],
    })
    expect(received.map(formOf).map(({ DurationSeconds }) => DurationSeconds)).toEqual([
      '14400',
      undefined,
    ])
  })

  test('teaches that the credentials of Postern are chained', async () => {
    const { issuer } = await assumeRoleOn([refuses(400, 'ValidationError', chaining), gives()])
    await expect(issuer.limits()).resolves.toMatchObject({ maxSeconds: 43_200 })
    const { notes } = await issuer.issue(orderOf({ durationSeconds: 14_400 }))
    expect(notes.join()).toContain('AWS caps role chaining')
    await expect(issuer.limits()).resolves.toMatchObject({
      maxSeconds: 3600,
      console: 'as-credentials',
    })
  })

  test('ends it when it was an hour or less', async () => {
    const { issuer, received } = await assumeRoleOn([refuses(400, 'ValidationError', exceeds)])
    await expect(issuer.issue(orderOf())).rejects.toThrow(AwsRefused)
    expect(received).toHaveLength(1)
  })

  test('ends it when AWS refuses the second request too', async () => {
    const { issuer, received } = await assumeRoleOn([refuses(400, 'ValidationError', exceeds)])
    await expect(issuer.issue(orderOf({ durationSeconds: 7200 }))).rejects.toThrow(AwsRefused)
    expect(received).toHaveLength(2)
  })

  test('is not mistaken for another refusal', async () => {
    const { issuer, received } = await assumeRoleOn([
      refuses(400, 'ValidationError', 'x is invalid'),
    ])
    await expect(issuer.issue(orderOf({ durationSeconds: 7200 }))).rejects.toThrow(AwsRefused)
    expect(received).toHaveLength(1)
  })
})
