import { randomBytes } from 'node:crypto'
import {
  errorAnswer,
  deviceAnswer,
  type DeviceAnswer,
  tokenAnswer,
  type TokenAnswer,
} from '../../src/contract/answers.ts'
import type { Identity } from '../../src/identity/identity.ts'
import type { WaitingDevice } from '../../src/identity/terminals/device-codes.ts'
import { identityOf } from './broker-fakes.ts'
import { pkce } from './pkce.ts'
import { ApiClient } from './api-client.ts'
import type { Answer, Browser } from './browser.ts'
import type { WebApp } from './web-app.ts'

/** Where a terminal of these tests listens. */
export const redirectUri = 'http://127.0.0.1:49152/callback'

const client_id = 'postern-cli'

/** Starts a sign-in of the command line by device code. */
export async function startDevice(web: WebApp, terminal?: object): Promise<DeviceAnswer> {
  const order = { client_id, ...(terminal && { terminal }) }
  const answer = await new ApiClient(web.origin).post('/api/v1/device', order)
  return deviceAnswer.parse(JSON.parse(answer.text))
}

/** Approves without the page, as somebody who is signed in. */
export async function approve(web: WebApp, userCode: string, name = 'bob'): Promise<void> {
  const device = await web.codes.findDevice(userCode)
  if (!device) throw new Error(`no device waits for ${userCode}`)
  await approveAs(web, device, identityOf(name))
}

export async function approveAs(
  web: WebApp,
  device: WaitingDevice,
  identity: Identity,
): Promise<void> {
  await web.codes.claim(device, { identity, endsAt: undefined })
  await web.codes.approve(device)
}

/** Approves or refuses on the page. */
export function decideDevice(
  browser: Browser,
  user_code: string,
  decision: 'approve' | 'deny',
): Promise<Answer> {
  return browser.submit(`/device?user_code=${user_code}`, '/device', { user_code, decision })
}

export function askWithDevice(web: WebApp, device_code: string): Promise<Answer> {
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
  return token(web, { grant_type, client_id, device_code })
}

export function askWithCode(
  web: WebApp,
  order: { readonly code: string; readonly redirect_uri: string; readonly code_verifier: string },
): Promise<Answer> {
  return token(web, { grant_type: 'authorization_code', client_id, ...order })
}

export function refresh(web: WebApp, refresh_token: string): Promise<Answer> {
  return token(web, { grant_type: 'refresh_token', client_id, refresh_token })
}

export function revoke(web: WebApp, value: string): Promise<Answer> {
  return new ApiClient(web.origin).post('/api/v1/revoke', { client_id, token: value })
}

export function token(web: WebApp, order: unknown): Promise<Answer> {
  return new ApiClient(web.origin).post('/api/v1/token', order)
}

export function tokensIn(answer: Answer): TokenAnswer {
  return tokenAnswer.parse(JSON.parse(answer.text))
}

/** A sign-in of the command line with its tokens. */
export async function signedInTerminal(
  web: WebApp,
  { name = 'bob', terminal }: { readonly name?: string; readonly terminal?: object } = {},
): Promise<TokenAnswer> {
  const device = await startDevice(web, terminal)
  await approve(web, device.user_code, name)
  return tokensIn(await askWithDevice(web, device.device_code))
}

/** The code of a refusal. */
export function errorIn(answer: Answer): string {
  return errorAnswer.parse(JSON.parse(answer.text)).error
}

/** What the API answers to a token. */
export async function statusWith(web: WebApp, accessToken: string): Promise<number> {
  return (await bearer(web, accessToken).get('/api/v1/me')).status
}

export type Fields = Readonly<Record<string, string>>

/** What a terminal asks at `/authorize`. */
export function authorization(changes: Fields = {}) {
  const { verifier, challenge } = pkce()
  const fields: Fields = {
    response_type: 'code',
    client_id,
    redirect_uri: redirectUri,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: randomBytes(32).toString('base64url'),
    host: 'laptop',
    user: 'bob',
    system: 'Linux',
    ...changes,
  }
  return { fields, verifier, path: `/authorize?${new URLSearchParams(fields).toString()}` }
}

/** An authorization code that bob has approved, bound to a verifier. */
export async function approvedCode(
  web: WebApp,
  { endsAt }: { readonly endsAt?: number | undefined } = {},
) {
  const { verifier, challenge } = pkce()
  const facts = { host: 'laptop', user: undefined, system: undefined, address: '127.0.0.1' }
  const approver = { identity: identityOf('bob'), endsAt }
  const { code } = await web.codes.issueCode(approver, facts, { challenge, redirectUri })
  const redeem = { code, redirect_uri: redirectUri, code_verifier: verifier }
  return { code, challenge, redeem }
}

export function bearer(web: WebApp, accessToken: string): ApiClient {
  return new ApiClient(web.origin, { authorization: `Bearer ${accessToken}` })
}
