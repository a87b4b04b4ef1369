import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { call, callIn, said } from './anywhere-client.ts'
import {
  ANCHOR,
  ANCHOR_ID,
  anywhereWorld,
  NOW,
  PROFILE,
  PROFILE_ID,
  root,
  trustsService,
  WORKLOAD,
  QUERY,
} from './anywhere-world.ts'
import { authority, type Wish } from './certificates.ts'
import { policy, role } from './test-world.ts'

let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox({ world: anywhereWorld(), now: () => NOW })
})
afterAll(() => aws.close())

describe('anchor, profile, role', () => {
  const UNABLE = `403 AccessDeniedException: Unable to assume role for ${WORKLOAD}.`

  test('unknown ones', async () => {
    const trustAnchorArn = ANCHOR.replace(ANCHOR_ID, PROFILE_ID)
    expect(said(await call(aws.url, { query: { ...QUERY, trustAnchorArn } }))).toMatch(
      /^404 ResourceNotFoundException: /,
    )
    const profileArn = PROFILE.replace(PROFILE_ID, ANCHOR_ID)
    expect(said(await call(aws.url, { query: { ...QUERY, profileArn } }))).toMatch(
      /^404 ResourceNotFoundException: /,
    )
    const roleArn = `${WORKLOAD}2`
    expect(said(await call(aws.url, { query: { ...QUERY, roleArn } }))).toBe(
      `403 AccessDeniedException: Unable to assume role for ${roleArn}.`,
    )
  })

  test('disabled ones', async () => {
    expect(said(await callIn(anywhereWorld({ anchor: { enabled: false } })))).toMatch(/^403/)
    expect(said(await callIn(anywhereWorld({ profile: { enabled: false } })))).toMatch(/^403/)
  })

  test('of another region', async () => {
    const world = anywhereWorld({ profile: { region: 'us-east-1' } })
    const query = { ...QUERY, profileArn: PROFILE.replace('eu-west-1', 'us-east-1') }
    expect(said(await callIn(world, { query }))).toMatch(/^400 ValidationException: /)
  })

  test('a role that the profile does not list', async () => {
    expect(said(await callIn(anywhereWorld({ profile: { roleArns: [] } })))).toBe(UNABLE)
  })

  test.each<readonly [string, Record<string, unknown>]>([
    ['another anchor', trustsService({ ArnEquals: { 'aws:SourceArn': `${ANCHOR}0` } })],
    ['another account', trustsService({ StringEquals: { 'aws:SourceAccount': '222222222222' } })],
    ['another service', { ...trustsService(), Principal: { Service: 'ec2.amazonaws.com' } }],
    ['no tags', { ...trustsService(), Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] }],
    ['no source identity', { ...trustsService(), Action: ['sts:AssumeRole', 'sts:TagSession'] }],
    ['another source', trustsService({ StringEquals: { 'sts:SourceIdentity': 'CN=alice' } })],
  ])('a role that trusts %s', async (_, trust) => {
    expect(said(await callIn(anywhereWorld({ trust })))).toBe(UNABLE)
  })

  test('a role of another account', async () => {
    const elsewhere = role('Workload', policy(trustsService({})))
    const { accounts } = anywhereWorld({
      profile: { roleArns: ['arn:aws:iam::333333333333:role/Workload'] },
    })
    const world = { accounts: [...accounts, { id: '333333333333', roles: [elsewhere] }] }
    const roleArn = 'arn:aws:iam::333333333333:role/Workload'
    expect(said(await callIn(world, { query: { ...QUERY, roleArn } }))).toMatch(/^403.*Unable/)
  })

  test.each([
    ['durationSeconds', '{"durationSeconds":899}'],
    ['durationSeconds', '{"durationSeconds":43201}'],
    ['roleSessionName', '{"roleSessionName":"a"}'],
    ['roleSessionName', '{"roleSessionName":"a b"}'],
    ["can't be read", '{"durationSeconds":"3600"}'],
    ["can't be read", '{"durationSeconds":'],
    ["can't be read", '[]'],
  ])('a bad body: %s', async (what, body) => {
    const answer = said(await call(aws.url, { body }))
    expect(answer).toMatch(/^400 ValidationException: /)
    expect(answer).toContain(what)
  })

  test('ARNs that are missing or none, all in one', async () => {
    expect(said(await call(aws.url, { query: { trustAnchorArn: 'x' } }))).toMatch(
      /^400 ValidationException: 3 validation errors detected: .*'trustAnchorArn'.*'profileArn'.*'roleArn'/,
    )
  })
})

describe('the world', () => {
  test.each<readonly [string, Wish]>([
    ['no CA', { ca: false }],
    ['no key usage', { usage: undefined }],
    ['SHA-1', { digest: 'sha1' }],
  ])('refuses an anchor with %s', async (_, wish) => {
    const world = anywhereWorld({ anchor: { certificates: authority('Bad', wish).pem } })
    await expect(startSandbox({ world })).rejects.toThrow(/Incorrect basic constraints/)
  })

  test('refuses an anchor without certificates, and one with three', async () => {
    for (const certificates of ['', root.pem.repeat(3)]) {
      const world = anywhereWorld({ anchor: { certificates } })
      await expect(startSandbox({ world })).rejects.toThrow(/one or two certificates/)
    }
  })
})
