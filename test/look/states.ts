import {
  AwsUnavailable,
  InvalidDestination,
  NotFound,
  SignInFailed,
  TooManyRequests,
} from '../../src/errors.ts'
import type { RoleOffer } from '../../src/role-session.ts'
import { errorModel } from '../../src/web/pages/error-model.ts'
import type { Frame } from '../../src/web/pages/frame.ts'
import { noRolesModel } from '../../src/web/pages/no-roles-model.ts'
import { portalLinkModel } from '../../src/web/pages/portal-link-model.ts'
import { roleModel } from '../../src/web/pages/role-model.ts'
import { roleSessionEndedModel } from '../../src/web/pages/role-session-ended-model.ts'
import { rolesModel } from '../../src/web/pages/roles-model.ts'
import { signInModel } from '../../src/web/pages/sign-in-model.ts'
import { identityOf } from '../support/broker-fakes.ts'
import { frame, outside, titled } from './frames.ts'
import { leavingStates } from './leaving-states.ts'
import {
  devReadOnly,
  few,
  hostile,
  hostileAccount,
  longName,
  many,
  offer,
  readOnly,
  staging,
} from './role-offers.ts'
import { refusal, results, secretAccessKey, session } from './role-session-states.ts'
import { scriptStates } from './script-states.ts'
import type { State } from './state.ts'
import { terminalStates } from './terminal-states.ts'

const used = (role: string, hoursAgo: number, now: Date) => ({
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  role,
  issuedAt: now.getTime() - hoursAgo * 3_600_000,
  expiresAt: now.getTime() - hoursAgo * 3_600_000 + 3_600_000,
})

/** Enough for the box that finds one, the shelf of recents and the role that the address names. */
function manyRoles(count: number): State {
  const offers = many.slice(0, count)
  return {
    view: 'roles',
    frame: titled('Roles'),
    page: (now) =>
      rolesModel(
        offers,
        offers
          .slice(0, 9)
          .map(({ entitlement }, at) => used(entitlement.role.arn.arn, at / 2, now)),
        now,
        { account: '300000000000', role: 'Deploy' },
      ),
  }
}

const signIn = (facts: Parameters<typeof signInModel>[0], seen: Frame = outside): State => ({
  view: 'sign-in',
  frame: seen,
  page: () => signInModel(facts),
})
const local = { id: 'local', label: 'Local account', kind: 'form' } as const
const several = [
  { id: 'adfs', label: 'Corporate SSO', kind: 'saml' },
  { id: 'kerberos', label: 'This Windows computer', kind: 'kerberos' },
  { id: 'smartcard', label: 'Smart card', kind: 'certificate' },
  { id: 'ad', label: 'Windows password', kind: 'form' },
  local,
] as const
const banner = 'Sandbox. The AWS behind this is an imitation on your own machine.'
const wrong = new SignInFailed('That name and password don’t match.')

const error = (thrown: unknown, seen: Frame = frame, about?: RoleOffer): State => ({
  view: 'error',
  frame: seen,
  page: (now) =>
    errorModel(thrown, {
      now,
      signedIn: seen.visitor !== undefined,
      about: about && {
        account: about.entitlement.role.account,
        roleArn: about.entitlement.role.arn.arn,
        roleName: about.entitlement.role.arn.name,
        roleSessionName: about.roleSessionName,
      },
    }),
})

/** Every page in every state, by the name of its picture. */
export const states: Readonly<Record<string, State>> = {
  'sign-in': signIn({ methods: several }),
  'sign-in-one': signIn({ methods: [local] }, { ...outside, banner }),
  'sign-in-error': signIn({ methods: [local], tried: 'local', userName: 'alice', error: wrong }),
  'sign-in-several-error': signIn({
    methods: several,
    tried: 'ad',
    userName: 'alice',
    error: wrong,
  }),
  'sign-in-limited': signIn({
    methods: several,
    tried: 'local',
    userName: 'alice',
    error: new TooManyRequests('Too many tries. Wait 40 s.', 40),
  }),
  'sign-in-expired': signIn({
    methods: several,
    ended: true,
    destinationText: 'ReadOnly in Production',
  }),
  'sign-in-none': signIn({ methods: [] }, { ...outside, organisation: undefined, help: undefined }),
  roles: {
    view: 'roles',
    frame: { ...titled('Roles'), banner },
    page: (now) =>
      rolesModel(
        few,
        [
          used('arn:aws:iam::111111111111:role/ReadOnly', 0.25, now),
          used('arn:aws:iam::222222222222:role/ReadOnly', 27, now),
        ],
        now,
      ),
  },
  'roles-selected': {
    view: 'roles',
    frame: titled('Roles'),
    page: (now) => rolesModel(few, [], now, { account: '111111111111', role: 'ReadOnly' }),
  },
  'roles-forty': manyRoles(40),
  'roles-many': manyRoles(400),
  'roles-hostile': {
    view: 'roles',
    frame: {
      ...titled('Roles'),
      banner: hostileAccount.name,
      visitor: {
        name: hostileAccount.name,
        method: longName,
        sessionEnds: { iso: '2026-11-20T18:00:00Z', text: '18:00 UTC' },
      },
    },
    page: (now) =>
      rolesModel([hostile, ...few], [used(hostile.entitlement.role.arn.arn, 0, now)], now),
  },
  'no-roles': {
    view: 'no-roles',
    frame: titled('No roles'),
    page: () => noRolesModel(identityOf('carol@corp.example', ['Domain Users', 'Berlin-Office'])),
  },
  'no-roles-bare': {
    view: 'roles',
    frame: { ...titled('No roles'), organisation: undefined, help: undefined },
    page: (now) => rolesModel([], [], now),
  },
  role: {
    view: 'role',
    frame: titled('ReadOnly in Production'),
    page: (now) => roleModel(readOnly, now),
  },
  'role-chained': {
    view: 'role',
    frame: titled('ReadOnly in Development'),
    page: (now) => roleModel(devReadOnly, now),
  },
  'role-error': {
    view: 'role',
    frame: titled('ReadOnly in Production'),
    page: (now) =>
      roleModel(
        readOnly,
        now,
        {
          duration: 900,
          destination: 'https://console.aws.amazon.com.login-check.example/',
          region: 'xx-new-1',
        },
        ['That address is not a console of AWS.'],
      ),
  },
  'role-hostile': { view: 'role', frame: titled(longName), page: (now) => roleModel(hostile, now) },
  session: results(),
  'session-cli': results({ console: 'none', stsEndpoint: 'http://localhost:3001' }),
  'session-chained': results({ offer: devReadOnly }),
  'session-shorter': results({
    offer: offer('arn:aws:iam::333333333333:role/Deploy', { account: staging }),
    notes: [
      'AWS refused 12 hours for the console, so Postern asked again without: it lasts as long as the credentials.',
    ],
  }),
  'session-link-expired': results({ ageSeconds: 1000 }),
  'session-ending': results({ ageSeconds: 3600 - 8 * 60 }),
  'session-failed': results({ console: refusal }),
  'session-hostile': results({ offer: hostile }),
  'session-ended': {
    view: 'role-session-ended',
    frame: titled('ReadOnly in Production'),
    page: (now) => roleSessionEndedModel(session({ ageSeconds: 4000 }, now).facts, now),
  },
  'portal-link': {
    view: 'portal-link',
    frame: titled('Open ReadOnly in Production?'),
    page: (now) =>
      portalLinkModel(
        readOnly,
        {
          destination:
            'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/checkout-5xx',
          own: false,
        },
        now,
      ),
  },
  'portal-link-own': {
    view: 'portal-link',
    frame: titled('Open ReadOnly in Development?'),
    page: (now) =>
      portalLinkModel(
        devReadOnly,
        { destination: 'https://console.aws.amazon.com/', own: true },
        now,
      ),
  },
  error: error(refusal, titled('AWS refused'), readOnly),
  'error-plain': error(new AwsUnavailable('AWS did not answer within 10 seconds. Try once more.')),
  'error-destination': error(
    new InvalidDestination(
      'Postern only leads to console addresses of AWS. Nothing was opened and no credentials were made.',
    ),
  ),
  'error-outside': error(new NotFound('There is nothing at this address.'), {
    ...outside,
    help: undefined,
    organisation: undefined,
    csrfToken: undefined,
  }),
  'error-unforeseen': error(new Error(`boom ${secretAccessKey}`)),
  'error-limited': error(new TooManyRequests('Too many requests.', 30)),
  ...leavingStates(outside),
  ...scriptStates(frame),
  ...terminalStates(frame),
}
