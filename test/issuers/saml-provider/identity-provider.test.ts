import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readIdentityProviderMetadata } from '../../../sandbox/saml/identity-provider-metadata.ts'
import { AwsRefused, InvalidRequest } from '../../../src/errors.ts'
import { awsResponse } from '../../../src/issuers/saml-provider/aws-response.ts'
import { signResponse } from '../../../src/issuers/saml-provider/sign-response.ts'
import { partitionSignIn } from '../../../src/issuers/saml-provider/partition-sign-in.ts'
import { KeyFault } from '../../../src/keys/key-fault.ts'
import { keyObjectSigner } from '../../../src/keys/key-object-signer.ts'
import { issue, keyPairs } from '../../keys/test-certificates.ts'
import { makeTestKey } from '../../support/saml/self-signed.ts'
import { awsEnvironment } from '../../support/aws-environment.ts'
import {
  awsWith,
  firstKey,
  issuerOn,
  NOW,
  PROVIDER,
  providerWith,
  RECIPIENT,
  ROLE,
  samlOrder,
  secondKey,
} from './provider-target.ts'

const provider = providerWith()

describe('AssumeRoleWithSAML with an assertion of our own', () => {
  test('needs no AWS key, and the session is as decided', async () => {
    awsEnvironment({})
    const aws = await awsWith({ metadata: await provider.metadata() })
    const order = samlOrder({ sourceIdentity: 'bob', durationSeconds: 7200 })
    const issued = await issuerOn(aws.url).issue(order)
    expect(issued).toMatchObject({
      assumedRoleArn: 'arn:aws:sts::111111111111:assumed-role/Saml/bob',
      durationSeconds: 7200,
      notes: [],
      facts: { sourceIdentity: 'bob' },
    })
    expect(aws.issued()).toMatchObject([
      {
        api: 'AssumeRoleWithSAML',
        roleSessionName: 'bob',
        sourceIdentity: 'bob',
        durationSeconds: 7200,
        accessKeyId: issued.credentials.accessKeyId,
        requestId: issued.awsRequestId,
      },
    ])
  })

  test('meets a trust policy on subject, tags and names', async () => {
    const condition = {
      StringEquals: {
        'SAML:aud': RECIPIENT,
        'SAML:iss': 'https://aws.corp.example/saml/aws/metadata',
        'SAML:sub': 'staff/bob',
        'SAML:sub_type': 'persistent',
        'aws:RequestTag/Team': 'red & <blue>'.replaceAll(/[&<>]/g, '-'),
        'sts:RoleSessionName': 'bob',
      },
    }
    const aws = await awsWith({
      metadata: await provider.metadata(),
      trust: { Condition: condition },
    })
    const tags = { Team: 'red - -blue-' }
    const issuer = issuerOn(aws.url)
    await expect(
      issuer.issue(samlOrder({ tags, transitiveTagKeys: ['Team'] })),
    ).resolves.toBeDefined()
    await expect(issuer.issue(samlOrder({ tags: { Team: 'blue' } }))).rejects.toThrow(AwsRefused)
    const alice = { people: 'staff', id: 'alice' }
    await expect(issuer.issue(samlOrder({ tags, person: alice }))).rejects.toThrow(AwsRefused)
  })

  test('sends the session policy with the call', async () => {
    const aws = await awsWith({ metadata: await provider.metadata() })
    const bad = samlOrder({ policy: '{"Version":"2012-10-17"' })
    await expect(issuerOn(aws.url).issue(bad)).rejects.toThrow('it is no valid policy')
  })

  test('is content with an hour where the role gives no more, and says so', async () => {
    const metadata = await provider.metadata()
    const aws = await awsWith({ metadata, maxSessionDuration: 3600 })
    const issued = await issuerOn(aws.url).issue(samlOrder({ durationSeconds: 14_400 }))
    expect(issued.durationSeconds).toBe(3600)
    expect(issued.notes.join()).toContain('AWS gave 1 hour instead of 4 hours')
  })

  test.each<[string, object, string]>([
    ['another audience', { Condition: { StringEquals: { 'SAML:aud': 'https://x.example' } } }, ''],
    ['no sts:TagSession', { Action: ['sts:AssumeRoleWithSAML'] }, ''],
  ])('is refused by a trust policy with %s, with what to do', async (_what, trust) => {
    const aws = await awsWith({ metadata: await provider.metadata(), trust })
    const failing = issuerOn(aws.url).issue(samlOrder({ tags: { Team: 'red' } }))
    await expect(failing).rejects.toThrow('AWS does not accept this sign-in for the role.')
    await expect(failing).rejects.toHaveProperty('remedies.0', expect.stringContaining('SAML:aud'))
  })

  test('is refused where IAM holds old metadata', async () => {
    const aws = await awsWith({ metadata: await providerWith([secondKey]).metadata() })
    await expect(issuerOn(aws.url).issue(samlOrder())).rejects.toThrow(
      'AWS could not verify who made the assertion.',
    )
  })

  test('is refused where the account has no such provider', async () => {
    const metadata = await provider.metadata()
    const aws = await awsWith({ metadata })
    const role = {
      ...samlOrder().role,
      accountId: '222222222222',
      arn: ROLE.replace('111111111111', '222222222222'),
    }
    await expect(issuerOn(aws.url).issue(samlOrder({ role }))).rejects.toThrow(
      'AWS does not know the identity provider.',
    )
  })
})

describe('a rotation', () => {
  test('works without a standstill: metadata with both keys first, then the other signs', async () => {
    const before = providerWith([firstKey, secondKey])
    const after = providerWith([secondKey, firstKey])
    const aws = await awsWith({ metadata: await before.metadata() })
    await expect(issuerOn(aws.url, before).issue(samlOrder())).resolves.toBeDefined()
    await expect(issuerOn(aws.url, after).issue(samlOrder())).resolves.toBeDefined()
  })

  test('shows both certificates to IAM, the one that signs first', async () => {
    const { entityId, keys } = readIdentityProviderMetadata(
      await providerWith([firstKey, secondKey]).metadata(),
    )
    expect(entityId).toBe('https://aws.corp.example/saml/aws/metadata')
    expect(keys).toHaveLength(2)
  })
})

describe('the response', () => {
  const given = {
    responseId: '_r',
    assertionId: '_a',
    issuer: 'https://aws.corp.example/saml/aws/metadata',
    recipient: RECIPIENT,
    audience: 'urn:amazon:webservices',
    subject: 'staff/bob',
    roleArn: ROLE,
    providerArn: PROVIDER,
    roleSessionName: 'bob',
    sessionDuration: 3600,
    sourceIdentity: undefined,
    tags: {},
    transitiveTagKeys: [],
    now: NOW,
  }

  test('is good for five minutes, for one recipient and one audience', async () => {
    const { response, recipient } = await provider.respond(samlOrder())
    const xml = Buffer.from(response, 'base64').toString()
    const end = new Date(NOW.getTime() + 300_000).toISOString()
    expect(recipient).toBe(RECIPIENT)
    expect(xml.match(/NotOnOrAfter="([^"]+)"/g)).toEqual([
      `NotOnOrAfter="${end}"`,
      `NotOnOrAfter="${end}"`,
    ])
    expect(xml.match(/<saml:Audience>/g)).toHaveLength(1)
    expect(xml.match(/<saml:SubjectConfirmation /g)).toHaveLength(1)
    expect(xml.match(/SignatureMethod Algorithm="[^"]*rsa-sha256"/g)).toHaveLength(1)
  })

  test('stays what was decided, whatever a value holds: no markup of it becomes the document’s', () => {
    const evil = fc
      .string({ unit: 'grapheme' })
      .map((text) => `${text}"'><saml:Attribute/><!--]]>&x;`)
    fc.assert(
      fc.property(evil, evil, evil, (name, key, value) => {
        const plain = awsResponse({ ...given, tags: { k: 'v' }, sourceIdentity: 's' })
        const written = awsResponse({
          ...given,
          roleSessionName: name,
          tags: { [`${key}x`]: value },
          sourceIdentity: value,
          subject: name,
        })
        const shape = (xml: string): string =>
          xml.replace(/>[^<]*</g, '><').replace(/"[^"]*"/g, '""')
        expect(shape(written)).toBe(shape(plain))
      }),
    )
  })

  test.each([['RSA of 1024 bits', () => makeTestKey({ bits: 1024 })]])(
    'is signed by no %s',
    async (_what, makeKey) => {
      await expect(providerWith([makeKey()]).respond(samlOrder())).rejects.toThrow(KeyFault)
    },
  )

  test('is signed by no EC key, and by none without a certificate', async () => {
    const leaf = issue({ keys: keyPairs.p256() })
    const ec = keyObjectSigner(leaf.privateKey, leaf.certificate)
    await expect(signResponse(awsResponse(given), ec)).rejects.toThrow(KeyFault)
    const bare = keyObjectSigner(keyPairs.rsa2048().privateKey)
    await expect(signResponse(awsResponse(given), bare)).rejects.toThrow(KeyFault)
  })

  test.each([
    ['aws', 'https://signin.aws.amazon.com/saml', 'urn:amazon:webservices'],
    ['aws-cn', 'https://signin.amazonaws.cn/saml', 'urn:amazon:webservices:cn-north-1'],
    ['aws-us-gov', 'https://signin.amazonaws-us-gov.com/saml', 'urn:amazon:webservices:govcloud'],
  ] as const)('is for %s where that is', (partition, recipient, audience) => {
    expect(partitionSignIn(partition, undefined)).toEqual({ recipient, audience })
    expect(partitionSignIn(partition, 'https://x.example/saml').recipient).toBe(
      'https://x.example/saml',
    )
  })

  test('is not guessed for partitions that publish nothing', () => {
    expect(() => partitionSignIn('aws-iso', undefined)).toThrow(InvalidRequest)
  })
})
