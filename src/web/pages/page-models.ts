/**
 * What each view is given, as `locals.frame` and `locals.page`. Views hold no logic beyond loops and conditions, and
 * never see a request; every text that depends on time, duration or role is made by the models (`*-model.ts`).
 *
 * Addresses that the views link or post to:
 *
 * | method and path | fields |
 * |---|---|
 * | GET `/` | |
 * | GET `/role?account=&role=` | one role: durations, region, start page (view `role`) |
 * | GET `/sign-in/{method}` | a redirect method; `continue` |
 * | POST `/sign-in/{method}` | `username`, `password`, `continue` (hidden, from the page's `continuation`) |
 * | POST `/sign-out` | |
 * | POST `/role-sessions` | `role` (ARN), `console` (`true` or `false`), `duration`, `consoleDuration`, `region`, `destination` |
 * | GET `/role-sessions/{id}?format=&region=&profile=&show=secrets` | all optional |
 * | POST `/role-sessions/{id}/console-url` | |
 * | POST `/console` | `account`, `role`, `destination` (view `portal-link`) |
 *
 * Every form that posts carries `_csrf`. A field left empty is as good as none. Files are asked for as
 * `/public/postern.css?v={assets}`; modules import one another without the hash, so only an address with it may be
 * cached for long.
 */

/** On every page. */
export interface Frame {
  readonly title: string
  /** Name of the organisation, for the footer, and where to turn for help; undefined leaves them out. */
  readonly organisation: string | undefined
  readonly help: { readonly label: string; readonly href: string } | undefined
  /** Undefined before sign-in. */
  readonly visitor:
    { readonly name: string; readonly method: string; readonly sessionEnds: Moment } | undefined
  /** CSRF token of the forms on the page (sign-out among them); undefined on pages without forms. */
  readonly csrfToken: string | undefined
  /** Hash of the files in /public, for caching. */
  readonly assets: string
  readonly requestId: string
  /** Said loudly at the top: nothing of it is real. */
  readonly sandbox: boolean
  /** A line at the top of each page, in the operator's words; `sandbox` has words of its own. */
  readonly banner?: string | undefined
}

/** A point in time, for people without JavaScript (`text`, UTC) and for the script that shows local time (`iso`). */
export interface Moment {
  readonly iso: string
  readonly text: string
}

export interface AccountBand {
  readonly id: string
  /** `1111 1111 1111`. */
  readonly idText: string
  readonly name: string
  readonly tone: 'neutral' | 'calm' | 'caution' | 'danger'
}

interface RoleWords {
  readonly arn: string
  readonly name: string
}

export interface SignInMethodLine {
  readonly id: string
  readonly label: string
  readonly kind: 'form' | 'redirect'
}

export interface SignInPage {
  /** In the order of the configuration; the first is the usual one. */
  readonly methods: readonly SignInMethodLine[]
  /** ID of the method that was just tried: its form stands first and open, with the notice. */
  readonly tried: string | undefined
  /** Filled in again after a refusal; never the password. */
  readonly userName: string
  readonly notice: { readonly tone: 'error' | 'info'; readonly text: string } | undefined
  /** Seconds until the next try, when limited. */
  readonly retryAfterSeconds: number | undefined
  /** Where the visitor will land: said, so that a portal link is no surprise. */
  readonly destinationText: string | undefined
  /** Hidden field `continue` of each form, and query `?continue=` of each redirect: which of the visitor's own places. */
  readonly continuation: string | undefined
}

export interface RoleLine {
  readonly arn: string
  readonly name: string
  readonly path: string
  readonly description: string | undefined
  /** `1 h`. */
  readonly credentialsText: string
  readonly consoleText: string
  readonly credentialsSeconds: number
  readonly consoleSeconds: number
  /** Link to choosing durations. */
  readonly chooseHref: string
  readonly live: { readonly href: string; readonly until: Moment } | undefined
  readonly lastUsedText: string | undefined
  readonly selected: boolean
}

/** A role outside its account's group: on the shelf of recents, or asked for by the address. */
export interface PlacedRoleLine {
  readonly account: AccountBand
  readonly role: RoleLine
}

export interface RolesPage {
  readonly total: number
  /** `3 roles in 2 accounts`. */
  readonly totalText: string
  readonly accounts: readonly (AccountBand & { readonly roles: readonly RoleLine[] })[]
  /** The role that the address names, shown above all others. */
  readonly selected: PlacedRoleLine | undefined
  /** Used last; empty where the list is short enough without. */
  readonly recents: readonly PlacedRoleLine[]
  /** Whether there is enough to filter. */
  readonly findable: boolean
}

export interface NoRolesPage {
  readonly signedInAs: string
  readonly method: string
  /** The groups that came with the sign-in, for whoever grants access; at most fifty. */
  readonly groups: readonly string[]
  /** How many more there are. */
  readonly moreGroups: number
}

export interface RolePage {
  readonly account: AccountBand
  readonly role: RoleWords & { readonly description: string | undefined }
  /** `ReadOnly/bob`. */
  readonly awsSees: string
  readonly credentials: DurationChoice
  readonly console: DurationChoice & {
    /** False where the console always ends with the credentials, so that there is nothing to choose. */
    readonly choosable: boolean
  }
  readonly region: RegionChoice
  readonly destination: string
  /** The groups that led here, as one text; undefined for a grant to the user. */
  readonly groupsText: string | undefined
  readonly errors: readonly string[]
}

export interface RegionChoice {
  /** Empty for none. */
  readonly selected: string
  /** Whether none can be chosen: not for a role that has a region of its own. */
  readonly optional: boolean
  readonly all: readonly string[]
}

export interface DurationChoice {
  readonly options: readonly {
    readonly seconds: number
    readonly text: string
    readonly until: Moment
    readonly selected: boolean
  }[]
  /** `Up to 1 hour, because ...` */
  readonly why: string
}

export interface Snippet {
  readonly id: string
  readonly label: string
  /** With secrets. */
  readonly text: string
  /** The same with secrets as dots. */
  readonly masked: string
  readonly hint: string | undefined
  /** The same one by one, each with a Copy button of its own; empty where only the whole makes sense. */
  readonly values: readonly SnippetValue[]
}

export interface SnippetValue {
  readonly label: string
  readonly text: string
  readonly secret: boolean
}

interface ConsoleLinkPart {
  readonly kind: 'link'
  readonly url: string
  readonly urlExpires: Moment
  /** Whole minutes that the URL has left: `15 min`. */
  readonly urlLeftText: string
  readonly ends: Moment
  readonly lastsText: string
  readonly destination: string
  /** Signs the browser's earlier console session out first; AWS partition only. */
  readonly logoutFirstUrl: string | undefined
}

interface ConsoleFailedPart {
  readonly kind: 'failed'
  readonly message: string
  readonly causes: readonly string[]
  readonly remedies: readonly string[]
}

/** `link-expired` once the URL's own 15 minutes are over, and `none` where no console was asked for. */
export type ConsolePart =
  | ConsoleLinkPart
  | { readonly kind: 'link-expired'; readonly ends: Moment }
  | ConsoleFailedPart
  | { readonly kind: 'none' }

export interface RoleSessionPage {
  readonly id: string
  readonly account: AccountBand
  readonly role: RoleWords
  readonly awsSees: string
  readonly assumedRoleArn: string
  /** When the server made the page: countdowns follow its clock, not the visitor's. */
  readonly now: Moment
  readonly issued: Moment
  readonly expires: Moment
  /** Seconds that the credentials were given, and that they have left. */
  readonly seconds: number
  readonly secondsLeft: number
  /** For people without JavaScript: `59 min`. */
  readonly leftText: string
  readonly console: ConsolePart
  /** What a person came for, and what has the focus: the console, or the command line. */
  readonly main: 'console' | 'command-line'
  readonly snippets: readonly Snippet[]
  /** ID of the snippet whose tab is open. */
  readonly format: string
  readonly region: RegionChoice
  readonly profileName: string
  /** One sentence each: why it lasts as long as it does. */
  readonly reasons: readonly string[]
  readonly notes: readonly string[]
  /** What was wrong with a region or a profile name that was asked for. */
  readonly errors: readonly string[]
  readonly showSecrets: boolean
  /** This page with the secrets shown and hidden, the rest as it is. */
  readonly showHref: string
  readonly hideHref: string
  /** Told beside the snippets when custom endpoints are set: old CLIs need `--endpoint-url`. */
  readonly endpointHint: string | undefined
  /** Hidden fields of the form that issues the same anew. */
  readonly renew: readonly { readonly name: string; readonly value: string }[]
}

/** The results page of a role session whose credentials have ended (view `role-session-ended`). */
export interface RoleSessionEndedPage {
  readonly account: AccountBand
  readonly role: RoleWords
  readonly awsSees: string
  readonly ended: Moment
  /** Undefined where no console was opened, or it has ended too. */
  readonly consoleEnds: Moment | undefined
  readonly lastsText: string
  readonly renew: readonly { readonly name: string; readonly value: string }[]
}

/** The portal link's question. */
export interface PortalLinkPage {
  readonly account: AccountBand
  readonly role: RoleWords
  readonly awsSees: string
  readonly destination: string
  /** The destination in three parts, so that the host stands out. */
  readonly destinationParts: {
    readonly before: string
    readonly host: string
    readonly after: string
  }
  readonly destinationIsOwn: boolean
  readonly consoleText: string
  readonly ends: Moment
  readonly why: string
  readonly chooseHref: string
}

/** On the way to an identity provider, with a message that the browser carries there (view `carry`). */
export interface CarryPage {
  readonly heading: string
  readonly text: string
  /** Address of the provider. */
  readonly url: string
  /** Hidden fields of the form that is posted there; undefined where a link does. */
  readonly fields: readonly { readonly name: string; readonly value: string }[] | undefined
  readonly label: string
}

export interface ErrorPage {
  readonly status: number
  readonly heading: string
  readonly message: string
  readonly causes: readonly string[]
  readonly remedies: readonly string[]
  /** AWS's own words, for the administrator. */
  readonly aws:
    | {
        readonly operation: string
        readonly code: string
        readonly message: string
        readonly requestId: string
      }
    | undefined
  /** Way on: back to the roles, to the sign-in. */
  readonly action: { readonly href: string; readonly label: string } | undefined
  readonly retryAfterSeconds: number | undefined
  /** The account and role that it was about, where known: they own the band. */
  readonly standing:
    | { readonly account: AccountBand; readonly role: RoleWords; readonly awsSees: string }
    | undefined
  readonly when: Moment
}
