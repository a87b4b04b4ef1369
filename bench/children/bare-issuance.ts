import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { Pool } from 'undici'
import { answerParent } from './answer.ts'
import { inParallel } from '../in-parallel.ts'

/** The baseline of issuance: AssumeRole and getSigninToken in a loop, with the same libraries and nothing around them. */
const [endpoint = ''] = process.argv.slice(2)
const sts = new STSClient({ endpoint, region: 'eu-west-1' })
const federation = new Pool(endpoint)

async function issue(): Promise<void> {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::111111111111:role/ReadOnly',
      RoleSessionName: 'bob',
      DurationSeconds: 3600,
    }),
  )
  const session = JSON.stringify({
    sessionId: Credentials?.AccessKeyId,
    sessionKey: Credentials?.SecretAccessKey,
    sessionToken: Credentials?.SessionToken,
  })
  const form = { Action: 'getSigninToken', SessionDuration: '43200', Session: session }
  const answer = await federation.request({
    path: '/federation',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
  await answer.body.json()
}

answerParent(0, async ({ operations, concurrency }) => ({
  latencies: await inParallel(Number(operations), Number(concurrency), issue),
}))
