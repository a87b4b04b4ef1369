import { describe, expect, test } from 'vitest'
import {
  AccessDenied,
  AwsRefused,
  SignInRequired,
  StateUnavailable,
  TooManyRequests,
} from '../../../src/errors.ts'
import { errorModel } from '../../../src/web/pages/error-model.ts'
import { production } from '../../support/broker-fakes.ts'
import { now, readOnly } from './page-facts.ts'

const signedIn = { now, signedIn: true }

describe('the error page', () => {
  test('shows the words that are for anyone, and none that are for the log', () => {
    const cause = new Error('SQLITE_FULL')
    const error = new StateUnavailable('Try again.', {
      detail: '/var/lib/postern.db is full',
      cause,
    })
    const page = errorModel(error, signedIn)
    expect(page).toMatchObject({
      status: 503,
      message: 'Try again.',
      heading: 'Postern can’t reach its database',
    })
    expect(JSON.stringify(page)).not.toMatch(/var|SQLITE/)
  })

  test.for([
    new Error('secret'),
    Object.assign(new Error('secret'), { status: 200 }),
    Object.assign(new Error('secret'), { status: 'x' }),
    'secret',
    undefined,
  ])('says of what nobody foresaw nothing but that: %s', (error) => {
    const page = errorModel(error, signedIn)
    expect(page.status).toBe(500)
    expect(JSON.stringify(page)).not.toContain('secret')
  })

  test('keeps the status of a request that Express refused, and not its words', () => {
    const page = errorModel(Object.assign(new Error('<b>%2</b>'), { status: 413 }), signedIn)
    expect(page.status).toBe(413)
    expect(JSON.stringify(page)).not.toContain('<b>')
  })

  test('gives the administrator AWS’s own words, causes and remedies', () => {
    const fault = {
      operation: 'AssumeRole',
      status: 403,
      code: 'AccessDenied',
      message: 'not authorized',
      requestId: undefined,
    }
    const error = new AwsRefused('AWS refused.', { causes: ['a'], remedies: ['b'] }, fault)
    expect(errorModel(error, signedIn)).toMatchObject({
      status: 502,
      causes: ['a'],
      remedies: ['b'],
      aws: { code: 'AccessDenied', message: 'not authorized', requestId: '' },
    })
  })

  test('leads on: to the roles, or to the sign-in', () => {
    const denied = new AccessDenied('No.')
    expect(errorModel(denied, signedIn).action?.href).toBe('/')
    expect(errorModel(denied, { now, signedIn: false }).action?.href).toBe('/sign-in')
    expect(errorModel(new SignInRequired('In.'), signedIn).action?.href).toBe('/sign-in')
  })

  test('says how long to wait', () => {
    expect(errorModel(new TooManyRequests('No.', 30), signedIn).retryAfterSeconds).toBe(30)
  })

  test('carries the band of the account that it is about', () => {
    const about = {
      account: production,
      roleArn: readOnly,
      roleName: 'ReadOnly',
      roleSessionName: 'bob',
    }
    expect(errorModel(new AccessDenied('No.'), { ...signedIn, about }).standing).toMatchObject({
      account: { tone: 'danger', idText: '1111 1111 1111' },
      awsSees: 'ReadOnly/bob',
    })
  })
})
