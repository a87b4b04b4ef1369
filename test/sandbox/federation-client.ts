import { expect } from 'vitest'
import { form, raw, type RawAnswer } from './raw-http.ts'
import type { Keys } from './sdk.ts'
import { arn, BASE_USER, policy, role, trusts, worldWith } from './test-world.ts'

export const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }
export const CONSOLE = 'https://console.aws.amazon.com/'

/** First can be assumed by the base user, Second by First. */
export const chainWorld = worldWith([
  role('First', policy(trusts(BASE_USER))),
  role('Second', policy(trusts(arn('First')))),
])

export type Fields = Readonly<Record<string, string>>

export async function federation(url: string, fields: Fields): Promise<RawAnswer> {
  return await raw(url, { path: '/federation', headers: FORM_TYPE, body: form(fields) })
}

/** The value of the Session parameter. */
export function sessionJson(keys: Keys): string {
  const { accessKeyId, secretAccessKey, sessionToken } = keys
  return JSON.stringify({ sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken })
}

export async function signinToken(url: string, keys: Keys, more: Fields = {}): Promise<string> {
  const fields = { Action: 'getSigninToken', Session: sessionJson(keys), ...more }
  const answer = await federation(url, fields)
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toBe('application/json')
  return (JSON.parse(answer.body) as { SigninToken: string }).SigninToken
}

/** 400 with a page: all that the federation endpoint says to whatever is wrong. */
export function expectRefusal(answer: RawAnswer): void {
  expect(answer.status).toBe(400)
  expect(answer.headers['content-type']).toMatch(/^text\/html/)
  expect(() => JSON.parse(answer.body) as unknown).toThrow(SyntaxError)
}
