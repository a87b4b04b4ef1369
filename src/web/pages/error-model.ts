import type { Account } from '../../entitlements/catalogue.ts'
import {
  AwsRefused,
  BrokerError,
  SignInAgain,
  SignInRequired,
  TooManyRequests,
} from '../../errors.ts'
import { accountBand, awsSees } from './account-text.ts'
import { headingOf, unforeseen, unreadable } from './error-text.ts'
import type { AccountBand, RoleWords } from './account-text.ts'
import type { Moment } from './time-text.ts'
import { momentOf } from './time-text.ts'

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

export interface ErrorContext {
  readonly now: Date
  readonly signedIn: boolean
  /** What it was about, where that is known and the visitor's to know: owns the band. */
  readonly about?:
    | {
        readonly account: Account
        readonly roleArn: string
        readonly roleName: string
        readonly roleSessionName: string
      }
    | undefined
}

/**
 * The error page of anything that was thrown. Only a BrokerError's own message is shown; of everything else nothing
 * but the status, where it is one of 400 to 499 as Express and its parsers set it.
 */
export function errorModel(error: unknown, context: ErrorContext): ErrorPage {
  const status = statusOf(error)
  const known = error instanceof BrokerError
  const aws = error instanceof AwsRefused ? error : undefined
  return {
    status,
    heading: headingOf(known ? error.name : '', status),
    message: known ? error.message : status < 500 ? unreadable : unforeseen.message,
    causes: aws?.causes ?? [],
    remedies: aws?.remedies ?? [],
    aws: aws && {
      operation: aws.fault.operation,
      code: aws.fault.code,
      message: aws.fault.message,
      requestId: aws.fault.requestId ?? '',
    },
    action: actionFor(error, context.signedIn),
    retryAfterSeconds: error instanceof TooManyRequests ? error.retryAfterSeconds : undefined,
    standing: standingOf(context),
    when: momentOf(context.now, context.now),
  }
}

function statusOf(error: unknown): number {
  if (error instanceof BrokerError) return error.status
  const status: unknown =
    error instanceof Error && 'status' in error ? Reflect.get(error, 'status') : undefined
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 500
    ? status
    : 500
}

function actionFor(error: unknown, signedIn: boolean): ErrorPage['action'] {
  if (error instanceof SignInAgain) return { href: '/sign-in?again=yes', label: 'Sign in again' }
  return signedIn && !(error instanceof SignInRequired)
    ? { href: '/', label: 'All roles' }
    : { href: '/sign-in', label: 'Sign in' }
}

function standingOf({ about }: ErrorContext): ErrorPage['standing'] {
  return (
    about && {
      account: accountBand(about.account),
      role: { arn: about.roleArn, name: about.roleName },
      awsSees: awsSees(about.roleName, about.roleSessionName),
    }
  )
}
