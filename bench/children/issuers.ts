import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { composeIssuers } from '../../src/compose/issuers.ts'
import { readEnvironment } from '../../src/config/env.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { openNetwork, realEffects } from '../../src/effects.ts'
import { parseRoleArn } from '../../src/entitlements/arn.ts'
import type { IssueOrder } from '../../src/issuers/issuer.ts'
import { createKeySource } from '../../src/keys/key-source.ts'
import type { Signer } from '../../src/keys/signer.ts'
import { amzDate, authorization, certificateHeaders } from '../../src/rolesanywhere/sign.ts'
import { silentLogger } from '../../test/support/silent-logger.ts'
import { inParallel } from '../in-parallel.ts'
import { asked } from '../issuers-lab.ts'
import { answerParent } from './answer.ts'

/** The issuers as in production, decorators and all, on the configuration that the first argument names. */
const [file = ''] = process.argv.slice(2)
const config = loadConfig(file, readEnvironment())
const effects = realEffects(openNetwork())
const { issuers } = composeIssuers({
  config,
  effects,
  logger: silentLogger,
  audit: { record: () => Promise.resolve() },
  claims: { claim: () => Promise.resolve(true), deleteExpired: () => Promise.resolve(0) },
  tellCall: () => undefined,
})
const role = parseRoleArn(asked.roleArn)
if (!role) throw new Error('no role')
const order: IssueOrder = {
  role,
  person: { people: 'staff', id: 'bob' },
  durationSeconds: asked.seconds,
  roleSessionName: asked.sessionName,
  sourceIdentity: undefined,
  tags: {},
  transitiveTagKeys: [],
  policy: undefined,
  policyArns: [],
  externalId: undefined,
  region: undefined,
  asker: 'session-1',
  facts: { requestId: 'request-1', address: '127.0.0.1' },
}

async function issue(way: string): Promise<void> {
  const policyArns = way === 'federated' ? asked.policyArns : []
  await issuers.get(way)?.issue({ ...order, policyArns })
}

/** One CreateSession, signed and not sent. */
async function sign(signer: Signer): Promise<void> {
  const body = JSON.stringify({
    durationSeconds: asked.seconds,
    roleSessionName: asked.sessionName,
  })
  const headers = {
    'amz-sdk-invocation-id': randomBytes(16).toString('hex'),
    'amz-sdk-request': 'attempt=1; max=3',
    'content-type': 'application/json',
    host: 'rolesanywhere.eu-west-1.amazonaws.com',
    'x-amz-date': amzDate(effects.now()),
    ...certificateHeaders(signer),
  }
  const query = { profileArn: 'p', roleArn: asked.roleArn, trustAnchorArn: 't' }
  const request = { method: 'POST', path: '/sessions', query, headers, body }
  await authorization(request, 'eu-west-1', signer)
}

answerParent(0, async ({ work, way, operations, concurrency }) => {
  const [many, together] = [Number(operations), Number(concurrency)]
  if (work === 'issue')
    return { latencies: await inParallel(many, together, () => issue(String(way))) }
  const place = { certificate: join(dirname(file), `${String(way)}.pem`) }
  const signer = await createKeySource(place, { effects }).current()
  return { latencies: await inParallel(many, together, () => sign(signer)) }
})
