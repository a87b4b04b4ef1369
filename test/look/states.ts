import type { RoleOffer, RoleSession } from '../../src/role-session.ts'
import type { Role } from '../../src/entitlements/catalogue.ts'
import { planDurations } from '../../src/entitlements/durations.ts'
import {
  AwsRefused,
  AwsUnavailable,
  InvalidDestination,
  NotFound,
  SignInFailed,
  TooManyRequests,
} from '../../src/errors.ts'
import { errorModel } from '../../src/web/pages/error-model.ts'
import { noRolesModel } from '../../src/web/pages/no-roles-model.ts'
import type { Frame } from '../../src/web/pages/frame.ts'
import { portalLinkModel } from '../../src/web/pages/portal-link-model.ts'
import { roleModel } from '../../src/web/pages/role-model.ts'
import { roleSessionEndedModel } from '../../src/web/pages/role-session-ended-model.ts'
import { roleSessionModel } from '../../src/web/pages/role-session-model.ts'
import { rolesModel } from '../../src/web/pages/roles-model.ts'
import { signInModel } from '../../src/web/pages/sign-in-model.ts'
import { momentOf } from '../../src/web/pages/time-text.ts'
import { factsOf } from '../../src/web/role-sessions/role-session-facts.ts'
import { identityOf, roleOf } from '../support/broker-fakes.ts'
import { leavingStates } from './leaving-states.ts'
import { scriptStates } from './script-states.ts'
import type { State } from './state.ts'
import { terminalStates } from './terminal-states.ts'

export const sessionToken = `IQoJb3JpZ2luX2VjE${'T7q/9Zk+H2vR4mXc8Lp0BdYs6NfGj1UaKe3QoVi5Wt'.repeat(18)}==`
export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
export const signInUrl = `https://signin.aws.amazon.com/federation?Action=login&Issuer=https%3A%2F%2Faws.corp.example%2F%3Faccount%3D111111111111%26role%3DReadOnly&Destination=https%3A%2F%2Fconsole.aws.amazon.com%2F&SigninToken=${'VCQgs5qZxtw2q9rHXaPlRAtP'.repeat(20)}`

const frame: Frame = {
  title: 'Postern',
  organisation: 'Corp Example',
  help: { label: 'cloud-desk@corp.example', href: 'mailto:cloud-desk@corp.example' },
  visitor: {
    name: 'alice@corp.example',
    method: 'Corporate SSO',
    sessionEnds: momentOf(new Date('2026-11-20T18:00:00Z'), new Date('2026-11-20T09:00:00Z')),
  },
  csrfToken: 'c3JmLXRva2VuLW9mLXRoZS1mb3Jtcy1vbi10aGlzLXBhZ2U',
  assets: 'test',
  requestId: '01KAGZ3V9S0Q9J3E5T7QW8XN2M',
  home: '',
  sandbox: false,
}
const outside: Frame = { ...frame, title: 'Sign in', visitor: undefined }
const titled = (title: string): Frame => ({ ...frame, title })

const development = { id: '222222222222', name: 'Development', tone: 'calm' } as const
const staging = { id: '333333333333', name: 'Staging', tone: 'caution' } as const
const own = { maxSeconds: 43_200, console: 'own-duration', why: undefined } as const
const chained = {
  maxSeconds: 3600,
  console: 'as-credentials',
  why: 'the broker’s own credentials are temporary and AWS caps role chaining',
} as const

function offer(
  arn: string,
  overrides: Partial<Role> = {},
  limits: typeof own | typeof chained = own,
): RoleOffer {
  const role = roleOf(arn, overrides)
  return {
    entitlement: { role, grants: [], groups: ['CN=AWS-Readers,OU=AWS,DC=corp,DC=example'] },
    plan: planDurations(role, {}, limits),
    roleSessionName: 'alice',
  }
}

const looks = 'Look at everything, change nothing'
const readOnly = offer('arn:aws:iam::111111111111:role/ReadOnly', {
  description: looks,
  region: 'eu-west-1',
  startPage: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1',
})
const admin = offer('arn:aws:iam::111111111111:role/Admin', {
  description: 'Everything, changes included',
  durations: { credentials: { default: 3600, max: 3600 }, console: { default: 3600, max: 3600 } },
})
const devReadOnly = offer(
  'arn:aws:iam::222222222222:role/ReadOnly',
  { account: development, description: looks },
  chained,
)
const few = [devReadOnly, admin, readOnly]

const hostileAccount = {
  id: '999999999999',
  name: '<script>alert(1)</script> "\'&amp; \u202eproduction 💥 a-very-long-name-without-any-place-to-break-it-that-goes-on-and-on',
  tone: 'danger',
} as const
const longName = 'W'.repeat(64)
const hostile = offer(`arn:aws:iam::999999999999:role/a/deep/path/${longName}`, {
  account: hostileAccount,
  description: '"><img src=x onerror=alert(1)> ‮txet‬ مرحبا 漢字 🧨'.repeat(3),
})

const many = Array.from({ length: 400 }, (_, index) => {
  const tones = ['neutral', 'calm', 'caution', 'danger'] as const
  const group = Math.floor(index / 4)
  const account = {
    id: String(300_000_000_000 + group * 7_654_321),
    name: `${['payments', 'ledger', 'search', 'analytics', 'identity'][group % 5] ?? ''}-${String(group)}`,
    tone: tones[group % 4] ?? 'neutral',
  }
  const name = ['ReadOnly', 'Deploy', 'Operator', 'Admin'][index % 4] ?? ''
  return offer(`arn:aws:iam::${account.id}:role/${name}`, { account, description: looks })
})

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

const refusal = new AwsRefused(
  'AWS refused to give credentials for this role.',
  {
    causes: ['The trust policy of the role allows sts:AssumeRole and not sts:TagSession.'],
    remedies: [
      'Add sts:TagSession to the Action of the trust policy, or leave the session tags of this role out of Postern’s configuration.',
    ],
  },
  {
    operation: 'AssumeRole',
    status: 403,
    code: 'AccessDenied',
    message:
      'User: arn:aws:sts::999999999999:assumed-role/postern/i-0f3a is not authorized to perform: sts:TagSession on resource: arn:aws:iam::111111111111:role/Deploy',
    requestId: '5e1f8a52-0c1d-4c6e-9c7b-3f1d2a7e9b40',
  },
)

interface SessionChange {
  readonly offer?: RoleOffer
  readonly console?: RoleSession['console'] | 'none'
  readonly ageSeconds?: number
  readonly notes?: readonly string[]
  readonly stsEndpoint?: string
}

function session({ offer: from = readOnly, ageSeconds = 0, ...change }: SessionChange, now: Date) {
  const { role } = from.entitlement
  const issuedAt = new Date(now.getTime() - ageSeconds * 1000)
  const after = (seconds: number) => new Date(issuedAt.getTime() + seconds * 1000)
  const link = {
    url: signInUrl,
    urlExpiration: after(900),
    consoleExpiration: after(from.plan.console.seconds),
    consoleSeconds: from.plan.console.seconds,
    destination: 'https://console.aws.amazon.com/',
    notes: [],
  }
  const issued: RoleSession = {
    id: 'AAAAAAAAAAAAAAAAAAAAAA',
    role,
    credentials: {
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      secretAccessKey,
      sessionToken,
      expiration: after(from.plan.credentials.seconds),
    },
    assumedRoleArn: `arn:aws:sts::${role.account.id}:assumed-role/${role.arn.name}/alice`,
    roleSessionName: from.roleSessionName,
    issuedAt,
    plan: from.plan,
    notes: change.notes ?? [],
    region: role.region,
    console: change.console === 'none' ? undefined : (change.console ?? link),
  }
  return {
    facts: factsOf(issued, frame.requestId),
    secrets: { credentials: issued.credentials, consoleUrl: signInUrl },
  }
}

function results(change: SessionChange = {}): State {
  return {
    view: 'role-session',
    frame: titled('ReadOnly in Production'),
    page: (now, query) =>
      roleSessionModel({ ...session(change, now), query, now, stsEndpoint: change.stsEndpoint }),
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
  'sign-in-one': signIn({ methods: [local] }, { ...outside, sandbox: true }),
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
    frame: { ...titled('Roles'), sandbox: true },
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
