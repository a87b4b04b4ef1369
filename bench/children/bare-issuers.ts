import {
  AssumeRoleCommand,
  AssumeRoleWithSAMLCommand,
  GetFederationTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { createPrivateKey, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { inParallel } from '../in-parallel.ts'
import { asked, type Way } from '../issuers-lab.ts'
import { answerParent } from './answer.ts'

/** The baselines of issuers: the bare calls and signatures in a loop, with the same libraries and nothing around them. */
const [folder = '', endpoint = ''] = process.argv.slice(2)
const sts = new STSClient({ endpoint, region: 'eu-west-1' })
const agent = new Agent({ keepAlive: true, maxSockets: 256 })
const signElsewhere = promisify(sign)
const makeKeyPair = promisify(generateKeyPair)
const keyOf = (name: string): KeyObject => {
  const pem = readFileSync(join(folder, `${name}.pem`), 'utf8')
  return createPrivateKey(pem.slice(pem.indexOf('-----BEGIN PRIVATE')))
}
const keys = { saml: keyOf('saml'), people: keyOf('people'), anywhere: keyOf('p-256') }
/** As large as the assertion that Postern signs. */
const assertion = randomBytes(4_000).toString('base64')
const certificate = readFileSync(join(folder, 'p-256.pem'), 'utf8').replace(
  /-----[^-]+-----|\s/g,
  '',
)

/** A POST with a signature over as many bytes as CreateSession's, by the same client. */
async function postSession(key: KeyObject): Promise<void> {
  const signature = await signElsewhere('sha256', Buffer.alloc(200, 's'), key)
  const headers = {
    'content-type': 'application/json',
    'x-amz-x509': certificate,
    authorization: `AWS4-X509-ECDSA-SHA256 Signature=${signature.toString('hex')}`,
  }
  const path = `/sessions?roleArn=${encodeURIComponent(asked.roleArn)}&profileArn=p&trustAnchorArn=t`
  const sent = request(new URL(path, endpoint), { method: 'POST', agent, headers })
  sent.end(JSON.stringify({ durationSeconds: asked.seconds, roleSessionName: asked.sessionName }))
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  await json(answer)
}

const bare: Readonly<Record<Way, () => Promise<unknown>>> = {
  hub: () =>
    sts.send(
      new AssumeRoleCommand({
        RoleArn: asked.roleArn,
        RoleSessionName: asked.sessionName,
        DurationSeconds: asked.seconds,
      }),
    ),
  saml: async () => {
    await signElsewhere('sha256', Buffer.from(assertion), keys.saml)
    return sts.send(
      new AssumeRoleWithSAMLCommand({
        RoleArn: asked.roleArn,
        PrincipalArn: 'arn:aws:iam::111111111111:saml-provider/Postern',
        SAMLAssertion: assertion,
        DurationSeconds: asked.seconds,
      }),
    )
  },
  anywhere: () => postSession(keys.anywhere),
  people: async () => {
    const { privateKey } = await makeKeyPair('ec', { namedCurve: 'P-256' })
    await signElsewhere('sha256', Buffer.alloc(500, 'c'), keys.people)
    return postSession(privateKey)
  },
  federated: () =>
    sts.send(
      new GetFederationTokenCommand({
        Name: asked.sessionName,
        DurationSeconds: asked.seconds,
        PolicyArns: asked.policyArns.map((arn) => ({ arn })),
      }),
    ),
}

function isWay(name: unknown): name is Way {
  return typeof name === 'string' && Object.hasOwn(bare, name)
}

answerParent(0, async ({ work, way, operations, concurrency }) => {
  const [many, together] = [Number(operations), Number(concurrency)]
  if (work === 'issue' && isWay(way))
    return {
      latencies: await inParallel(many, together, async () => {
        await bare[way]()
      }),
    }
  const key = keyOf(String(way))
  const digest = way === 'ml-dsa-65' ? null : 'sha256'
  const text = Buffer.alloc(200, 's')
  return {
    latencies: await inParallel(many, together, async () => {
      await signElsewhere(digest, text, key)
    }),
  }
})
