import type { X509Certificate } from 'node:crypto'
import { onTestFinished } from 'vitest'
import type { Fault } from '../../../sandbox/faults/faults.ts'
import { startSandbox } from '../../../sandbox/sandbox.ts'
import type { IssueOrder } from '../../../src/issuers/issuer.ts'
import { createRolesAnywhereIssuer } from '../../../src/issuers/roles-anywhere.ts'
import { keyObjectSigner } from '../../../src/keys/key-object-signer.ts'
import {
  ANCHOR,
  anywhereWorld,
  intermediate,
  NOW,
  PROFILE,
  root,
  trustsService,
  WORKLOAD,
} from '../../sandbox/anywhere-world.ts'
import { certify, type Holder, revoke } from '../../sandbox/certificates.ts'
import { roleArn } from '../../support/broker-fakes.ts'
import { heldEffects } from '../../support/held-effects.ts'
import { orderOf } from '../orders.ts'
import { describeRefusals, type Outcome, outcomeOf } from './refusal-table.ts'
import { type Passing, tapWire } from './wire.ts'

interface Case {
  readonly holder?: Holder
  readonly chain?: readonly X509Certificate[]
  readonly world?: Parameters<typeof anywhereWorld>[0]
  readonly order?: Partial<IssueOrder>
  readonly sendSessionName?: boolean
  readonly profileArn?: string
  readonly fault?: Fault
  readonly now?: Date
  readonly meddle?: (passing: Passing) => Passing
}

function provoke(about: Case): () => Promise<Outcome> {
  return async () => {
    const profile = { acceptRoleSessionName: true, durationSeconds: 43_200 }
    const world = anywhereWorld({ profile, ...about.world })
    const sandbox = await startSandbox({ world, now: () => about.now ?? NOW })
    onTestFinished(() => sandbox.close())
    if (about.fault) sandbox.faults.next('CreateSession', about.fault, 4)
    const wire = await tapWire(sandbox.url, about.meddle)
    const holder = about.holder ?? certify({ issuer: root })
    const signer = keyObjectSigner(holder.key, holder.certificate, about.chain ?? [])
    const issuer = createRolesAnywhereIssuer({
      name: 'anywhere',
      trustAnchorArn: ANCHOR,
      profileArn: about.profileArn ?? PROFILE,
      endpoint: wire.url,
      key: { current: () => Promise.resolve(signer), reopen: () => Promise.resolve() },
      sendSessionName: about.sendSessionName ?? true,
      effects: heldEffects(NOW),
    })
    return outcomeOf(wire, issuer.issue(orderOf({ role: roleArn(WORKLOAD), ...about.order })))
  }
}

const revoked = certify({ issuer: root })
const list = revoke(root, [BigInt(`0x${revoked.certificate.serialNumber}`)])
const onTag = (key: string) =>
  trustsService({
    ArnEquals: { 'aws:SourceArn': ANCHOR },
    StringEquals: { [`aws:PrincipalTag/${key}`]: 'workload' },
  })

describeRefusals('CreateSession', {
  'Postern’s clock is wrong': provoke({ now: new Date(NOW.getTime() + 600_000) }),
  'A proxy that changes the request': provoke({
    meddle: ({ headers, body }) => ({ headers, body: body.replace('3600', '3601') }),
  }),
  'An intermediate certificate that is missing': provoke({
    holder: certify({ issuer: intermediate }),
  }),
  'A certificate of another CA': provoke({ holder: certify() }),
  'A certificate that can not sign': provoke({ holder: certify({ issuer: root, usage: 0x20 }) }),
  'The certificate of a CA': provoke({ holder: certify({ issuer: root, ca: true, usage: 0x86 }) }),
  'A certificate that has expired': provoke({
    holder: certify({ issuer: root, to: new Date(NOW.getTime() - 86_400_000) }),
  }),
  'A certificate that was revoked': provoke({
    holder: revoked,
    world: { anchor: { certificates: root.pem, revocationLists: list } },
  }),
  'The trust policy lacks an action': provoke({
    world: { trust: { ...trustsService(), Action: 'sts:AssumeRole' } },
  }),
  'The trust policy names another certificate': provoke({
    world: { trust: onTag('x509Subject/CN') },
    holder: certify({ issuer: root, subject: [['CN', 'somebody']] }),
  }),
  'An attribute that can be no tag': provoke({
    world: { trust: onTag('x509Subject/CN') },
    holder: certify({ issuer: root, subject: [['CN', 'workload (old)']] }),
  }),
  'The profile does not list the role': provoke({
    world: { profile: { acceptRoleSessionName: true, roleArns: [] } },
  }),
  'A duration above the role’s maximum': provoke({
    world: {
      maxSessionDuration: 3600,
      profile: { durationSeconds: 7200, acceptRoleSessionName: true },
    },
    order: { durationSeconds: 7200 },
  }),
  'A profile that takes no names': provoke({
    world: { profile: { acceptRoleSessionName: false } },
  }),
  'A profile that is not there': provoke({
    profileArn: PROFILE.replace(/[0-9a-f-]{36}$/, '99999999-0000-0000-0000-000000000000'),
  }),
  'A profile that is switched off': provoke({ world: { profile: { enabled: false } } }),
  'A value that AWS does not take': provoke({ fault: { kind: 'bad-request' } }),
  'Too many calls': provoke({ fault: { kind: 'throttling' } }),
  'A fault of AWS’s own': provoke({ fault: { kind: 'internal-failure' } }),
})
