import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { call, callIn, chain, made, said } from './anywhere-client.ts'
import { anywhereWorld, intermediate, NOW, QUERY, root, WORKLOAD } from './anywhere-world.ts'
import { authority, certify, type Wish } from './certificates.ts'
import { expectRefusal, federation, sessionJson } from './federation-client.ts'
import { stsClient } from './sdk.ts'
import { policy } from './test-world.ts'

let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox({ world: anywhereWorld(), now: () => NOW })
})
afterAll(() => aws.close())

const KEYS: readonly (readonly [string, () => KeyObject])[] = [
  ['RSA-2048', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ['RSA-4096', () => generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey],
  ['P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ['ML-DSA-44', () => generateKeyPairSync('ml-dsa-44').privateKey],
  ['ML-DSA-65', () => generateKeyPairSync('ml-dsa-65').privateKey],
  ['ML-DSA-87', () => generateKeyPairSync('ml-dsa-87').privateKey],
]

describe('CreateSession', () => {
  test.each(KEYS)('takes a %s certificate, with a chain and without', async (_, makeKey) => {
    const key = makeKey()
    made(await call(aws.url, { holder: certify({ key, issuer: root }) }))
    made(await call(aws.url, { holder: certify({ key, issuer: intermediate }), chain }))
    const authorityOfKind = authority('Authority', { key: makeKey() })
    const holder = certify({ key, issuer: authorityOfKind })
    const world = anywhereWorld({ anchor: { certificates: authorityOfKind.pem } })
    made(await callIn(world, { holder }))
  })

  test('gives credentials of the role, named after the certificate', async () => {
    const holder = certify({ issuer: root, serial: 0x1000n, subject: [['CN', 'build-01']] })
    const answer = await call(aws.url, { holder })
    expect(answer.headers['content-type']).toBe('application/json')
    const session = made(answer)
    expect(session).toMatchObject({
      assumedRoleUser: {
        arn: 'arn:aws:sts::111111111111:assumed-role/Workload/1000',
        assumedRoleId: expect.stringMatching(/^AROA\w{17}:1000$/) as string,
      },
      credentials: {
        expiration: new Date(NOW.getTime() + 3600_000).toISOString().replace('.000', ''),
      },
      roleArn: WORKLOAD,
      sourceIdentity: 'CN=build-01',
      packedPolicySize: expect.any(Number) as number,
    })
    const { accessKeyId, secretAccessKey, sessionToken } = session.credentials
    const keys = { accessKeyId, secretAccessKey, sessionToken }
    const who = await stsClient(aws.url, keys).send(new GetCallerIdentityCommand({}))
    expect(who.Arn).toBe('arn:aws:sts::111111111111:assumed-role/Workload/1000')
    expect(aws.issued().at(-1)).toMatchObject({
      api: 'CreateSession',
      accessKeyId: session.credentials.accessKeyId,
      sourceIdentity: 'CN=build-01',
    })
  })

  test('has one subject ARN for each X.509 subject', async () => {
    const of = async (wish: Wish): Promise<string> =>
      made(await call(aws.url, { holder: certify({ issuer: root, ...wish }) })).subjectArn
    const first = await of({ subject: [['CN', 'one']] })
    expect(first).toMatch(/^arn:aws:rolesanywhere:eu-west-1:111111111111:subject\/[0-9a-f-]{36}$/)
    expect(await of({ subject: [['CN', 'one']] })).toBe(first)
    expect(await of({ subject: [['CN', 'two']] })).not.toBe(first)
  })

  test.each<readonly [string, Wish, string]>([
    ['CN of 61', { subject: [['CN', 'a'.repeat(61)]] }, `CN=${'a'.repeat(61)}`],
    ['CN of 62', { subject: [['CN', 'a'.repeat(62)]] }, 'a'.repeat(62)],
    ['CN of 64', { subject: [['CN', 'a'.repeat(64)]] }, 'a'.repeat(64)],
    ['no CN', { subject: [['O', 'Corp']], serial: 291n }, 'ID=0123'],
    ['a CN with a space', { subject: [['CN', 'Alice Anders']], serial: 16n }, 'ID=10'],
  ])('names its source: %s', async (_, wish, expected) => {
    const holder = certify({ issuer: root, ...wish })
    expect(made(await call(aws.url, { holder })).sourceIdentity).toBe(expected)
  })

  test('lasts as long as the shorter of profile and request, within the role', async () => {
    const seconds = async (
      profile: number | undefined,
      asked: number | undefined,
      most = 43_200,
    ): Promise<number> => {
      const durationSeconds = profile === undefined ? {} : { durationSeconds: profile }
      const world = anywhereWorld({ profile: durationSeconds, maxSessionDuration: most })
      const body = asked === undefined ? '' : JSON.stringify({ durationSeconds: asked })
      const { credentials } = made(await callIn(world, { body }))
      return (Date.parse(credentials.expiration) - NOW.getTime()) / 1000
    }
    expect(await seconds(undefined, undefined)).toBe(3600)
    expect(await seconds(undefined, 900)).toBe(900)
    expect(await seconds(undefined, 43_200)).toBe(3600)
    expect(await seconds(43_200, 43_200)).toBe(43_200)
    expect(await seconds(43_200, undefined)).toBe(43_200)
    expect(await seconds(43_200, 3600, 3600)).toBe(3600)
    const world = anywhereWorld({ profile: { durationSeconds: 43_200 }, maxSessionDuration: 3600 })
    expect(said(await callIn(world))).toBe(
      `403 AccessDeniedException: Unable to assume role for ${WORKLOAD}. The requested DurationSeconds exceeds the MaxSessionDuration set for this role.`,
    )
  })

  test('takes a role session name where the profile does', async () => {
    const body = JSON.stringify({ roleSessionName: 'alice' })
    expect(said(await call(aws.url, { body }))).toBe(
      '403 AccessDeniedException: Not authorized to set roleSessionName.',
    )
    const world = anywhereWorld({ profile: { acceptRoleSessionName: true } })
    const session = made(await callIn(world, { body }))
    expect(session.assumedRoleUser.arn).toMatch(/\/Workload\/alice$/)
  })

  test('takes the ARNs from the body as well', async () => {
    made(await call(aws.url, { query: {}, body: JSON.stringify(QUERY) }))
    expect(
      said(
        await call(aws.url, { query: QUERY, body: JSON.stringify({ roleArn: `${WORKLOAD}2` }) }),
      ),
    ).toMatch(/^400 ValidationException: /)
  })

  test("counts as role chaining's first link, and signs in without SessionDuration", async () => {
    const { credentials } = made(await call(aws.url))
    const fields = { Action: 'getSigninToken', Session: sessionJson(credentials) }
    expect((await federation(aws.url, fields)).status).toBe(200)
    expectRefusal(await federation(aws.url, { ...fields, SessionDuration: '3600' }))
  })

  test("narrows the session to the profile's policies", async () => {
    const sessionPolicy = policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' })
    const managedPolicyArns = ['arn:aws:iam::aws:policy/ReadOnlyAccess']
    const plain = made(await call(aws.url)).packedPolicySize
    const world = anywhereWorld({ profile: { sessionPolicy, managedPolicyArns } })
    expect(made(await callIn(world)).packedPolicySize).toBeGreaterThan(plain)
    const tight = await callIn(world, {}, { packedPolicyLimit: 10 })
    expect(said(tight)).toMatch(/^403 AccessDeniedException: Packed policy consumes/)
  })
})

describe('faults', () => {
  test('come in the form of this service', async () => {
    aws.faults.next('CreateSession', { kind: 'throttling' })
    expect(said(await call(aws.url))).toBe('429 ThrottlingException: Rate exceeded')
    aws.faults.next('CreateSession', { kind: 'unavailable' })
    expect(said(await call(aws.url))).toMatch(/^503 ServiceUnavailableException: /)
    aws.faults.next('*', { kind: 'html' })
    expect((await call(aws.url)).headers['content-type']).toBe('text/html')
    expect(said(await call(aws.url))).toBe('201')
  })
})
