import { describe, expect, test } from 'vitest'
import { agoText, durationText, momentOf } from '../../../src/web/pages/time-text.ts'
import { later, now } from './page-facts.ts'

describe('times as the pages say them', () => {
  test.for([
    [43_200, '12 h'],
    [5400, '1 h 30 min'],
    [3599, '59 min'],
    [900, '15 min'],
    [59.9, '59 s'],
    [0, '0 s'],
    [-5, '0 s'],
  ] as const)('%d seconds are %s', ([seconds, text]) => {
    expect(durationText(seconds)).toBe(text)
  })

  test.for([
    [10, 'just now'],
    [3599, '59 min ago'],
    [7200, '2 h ago'],
    [86_400, '1 day ago'],
    [200_000, '2 days ago'],
    [-60, 'just now'],
  ] as const)('%d seconds back is %s', ([seconds, text]) => {
    expect(agoText(later(-seconds), now)).toBe(text)
  })

  test('a time has its date on every day but today', () => {
    expect(momentOf(later(60), now)).toEqual({ iso: '2026-11-20T09:15:30Z', text: '09:15 UTC' })
    expect(momentOf(later(86_400), now).text).toBe('2026-11-21 09:14 UTC')
  })
})
