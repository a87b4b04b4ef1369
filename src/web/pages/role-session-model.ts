import type { Credentials } from '../../credentials/credentials.ts'
import { checkProfileName } from '../../credentials/profile-name.ts'
import { checkRegion } from '../../credentials/region.ts'
import { InvalidRequest } from '../../errors.ts'
import type { RoleSessionFacts } from '../role-sessions/role-session-facts.ts'
import { accountBand, awsSees, roleSessionHref } from './account-text.ts'
import type { AccountBand, RoleWords } from './account-text.ts'
import type { RegionChoice } from './region-text.ts'
import type { Snippet } from './snippets-model.ts'
import type { Moment } from './time-text.ts'
import { regionChoice } from './region-text.ts'
import {
  defaultProfileName,
  endpointHint,
  logoutFirstUrl,
  notesOf,
  reasonsOf,
  renewFields,
} from './role-session-text.ts'
import { type SnippetChoice, snippetsOf } from './snippets-model.ts'
import { durationText, momentOf } from './time-text.ts'

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
type ConsolePart =
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

/** What the address of the results page may ask for. Nothing of it is trusted. */
export interface RoleSessionQuery {
  readonly format?: string | undefined
  readonly region?: string | undefined
  readonly profile?: string | undefined
  readonly show?: string | undefined
}

export interface RoleSessionInput {
  readonly facts: RoleSessionFacts
  /** Unsealed; the sign-in URL is undefined where none was made. */
  readonly secrets: {
    readonly credentials: Credentials
    readonly consoleUrl?: string | undefined
  }
  readonly query: RoleSessionQuery
  readonly now: Date
  /** Set where STS is not AWS's own. */
  readonly stsEndpoint?: string | undefined
}

/** The results page. A region or profile name that is none is told, and replaced by the one that stands. */
export function roleSessionModel(input: RoleSessionInput): RoleSessionPage {
  const { facts, query, now } = input
  const { choice, errors } = choose(facts, query)
  const snippets = snippetsOf(input.secrets.credentials, facts, choice, input.stsEndpoint)
  const format = snippets.find(({ id }) => id === query.format) ?? snippets[0]
  const showSecrets = query.show === 'secrets'
  const secondsLeft = Math.max(0, Math.floor((facts.expiresAt - now.getTime()) / 1000))
  const console = consolePart(facts, input.secrets.consoleUrl, now)
  const address = { format: format?.id ?? '', region: choice.region, profile: choice.profileName }
  return {
    id: facts.id,
    account: accountBand(facts.account),
    role: { arn: facts.role.arn, name: facts.role.name },
    awsSees: awsSees(facts.role.name, facts.roleSessionName),
    assumedRoleArn: facts.assumedRoleArn,
    now: momentOf(now, now),
    issued: momentOf(new Date(facts.issuedAt), now),
    expires: momentOf(new Date(facts.expiresAt), now),
    seconds: facts.plan.credentials.seconds,
    secondsLeft,
    leftText: durationText(secondsLeft),
    console,
    main: console.kind === 'link' || console.kind === 'link-expired' ? 'console' : 'command-line',
    snippets,
    format: address.format,
    region: regionChoice(facts.role.partition, choice.region, true),
    profileName: choice.profileName,
    reasons: reasonsOf(facts),
    notes: notesOf(facts),
    errors,
    showSecrets,
    showHref: hrefOf(facts.id, { ...address, show: 'secrets' }),
    hideHref: hrefOf(facts.id, address),
    endpointHint: input.stsEndpoint === undefined ? undefined : endpointHint(input.stsEndpoint),
    renew: renewFields(facts),
  }
}

function choose(
  facts: RoleSessionFacts,
  { region, profile }: RoleSessionQuery,
): { choice: SnippetChoice; errors: readonly string[] } {
  const errors: string[] = []
  const checked = (check: (text: string) => string, text: string | undefined) => {
    try {
      return text === undefined ? undefined : check(text)
    } catch (error) {
      if (!(error instanceof InvalidRequest)) throw error
      errors.push(error.message)
      return undefined
    }
  }
  const choice = {
    region: region === '' ? '' : (checked(checkRegion, region) ?? facts.region ?? ''),
    profileName: checked(checkProfileName, profile) ?? defaultProfileName(facts),
  }
  return { choice, errors }
}

function consolePart(facts: RoleSessionFacts, url: string | undefined, now: Date): ConsolePart {
  const { console } = facts
  if (console.kind !== 'link') return console
  const ends = momentOf(new Date(console.endsAt), now)
  const left = console.urlExpiresAt - now.getTime()
  if (url === undefined || left <= 0) return { kind: 'link-expired', ends }
  return {
    kind: 'link',
    url,
    urlExpires: momentOf(new Date(console.urlExpiresAt), now),
    urlLeftText: durationText(left / 1000),
    ends,
    lastsText: durationText(console.seconds),
    destination: console.destination,
    logoutFirstUrl: logoutFirstUrl(url),
  }
}

function hrefOf(id: string, query: Record<string, string>): string {
  return `${roleSessionHref(id)}?${new URLSearchParams(query).toString()}`
}
