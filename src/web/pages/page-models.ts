/**
 * What each view is given. Views hold no logic beyond loops and conditions, and never see a request; every text that
 * depends on time, duration or role is made by `src/web/pages/*-page.ts`.
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

export interface SignInPage {
  /** In the order of the configuration; the first is the usual one. */
  readonly methods: readonly {
    readonly id: string
    readonly label: string
    readonly kind: 'form' | 'redirect'
  }[]
  /** Filled in again after a refusal; never the password. */
  readonly userName: string
  readonly notice: { readonly tone: 'error' | 'info'; readonly text: string } | undefined
  /** Seconds until the next try, when limited. */
  readonly retryAfterSeconds: number | undefined
  /** Where the visitor will land: said, so that a portal link is no surprise. */
  readonly destinationText: string | undefined
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

export interface RolesPage {
  readonly total: number
  readonly accounts: readonly (AccountBand & { readonly roles: readonly RoleLine[] })[]
}

export interface RolePage {
  readonly account: AccountBand
  readonly role: {
    readonly arn: string
    readonly name: string
    readonly description: string | undefined
  }
  /** `ReadOnly/bob`. */
  readonly awsSees: string
  readonly credentials: DurationChoice
  readonly console: DurationChoice
  readonly region: { readonly selected: string; readonly all: readonly string[] }
  readonly destination: string
  readonly errors: readonly string[]
}

export interface DurationChoice {
  readonly options: readonly {
    readonly seconds: number
    readonly text: string
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
}

export interface RoleSessionPage {
  readonly id: string
  readonly account: AccountBand
  readonly role: { readonly arn: string; readonly name: string }
  readonly awsSees: string
  readonly assumedRoleArn: string
  readonly expires: Moment
  /** Seconds left when the page was made, for people without JavaScript: `59 min left`. */
  readonly leftText: string
  readonly console:
    | {
        readonly kind: 'link'
        readonly url: string
        readonly urlExpires: Moment
        readonly ends: Moment
        readonly lastsText: string
        /** Signs the browser's earlier console session out first; AWS partition only. */
        readonly logoutFirstUrl: string | undefined
      }
    | { readonly kind: 'link-expired' }
    | {
        readonly kind: 'failed'
        readonly message: string
        readonly causes: readonly string[]
        readonly remedies: readonly string[]
      }
    | { readonly kind: 'none' }
  readonly snippets: readonly Snippet[]
  readonly region: { readonly selected: string; readonly all: readonly string[] }
  readonly profileName: string
  /** One sentence each: why it lasts as long as it does. */
  readonly reasons: readonly string[]
  readonly notes: readonly string[]
  readonly showSecrets: boolean
  /** Told beside the snippets when custom endpoints are set: old CLIs need `--endpoint-url`. */
  readonly endpointHint: string | undefined
}

/** The portal link's question. */
export interface PortalLinkPage {
  readonly account: AccountBand
  readonly role: { readonly arn: string; readonly name: string }
  readonly awsSees: string
  readonly destination: string
  readonly destinationIsOwn: boolean
  readonly consoleText: string
  readonly why: string
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
}
