import { type BrokerError, TooManyRequests } from '../../errors.ts'

export interface SignInMethodLine {
  readonly id: string
  readonly label: string
  /** `form`: name and password on this page. Every other kind is a link that leads on. */
  readonly kind: 'form' | 'saml' | 'kerberos' | 'certificate'
}

export interface SignInPage {
  /** In the order of the configuration; the first is the usual one. */
  readonly methods: readonly SignInMethodLine[]
  /** ID of the method that was just tried: its form stands first and open, with the notice. */
  readonly tried: string | undefined
  /** Filled in again after a refusal; never the password. */
  readonly userName: string
  readonly notice: Notice | undefined
  /** Seconds until the next try, when limited. */
  readonly retryAfterSeconds: number | undefined
  /** Where the visitor will land: said, so that a portal link is no surprise. */
  readonly destinationText: string | undefined
  /** Hidden field `continue` of each form, and query `?continue=` of each redirect: which of the visitor's own places. */
  readonly continuation: string | undefined
}

interface Notice {
  readonly tone: 'error' | 'info'
  readonly icon: 'stop' | 'clock' | 'info' | 'check'
  readonly text: string
}

export interface SignInFacts {
  readonly methods: readonly SignInMethodLine[]
  /** The method that was just tried, with what came of it. */
  readonly tried?: string | undefined
  readonly error?: BrokerError | undefined
  /** What is good to know and no error. */
  readonly told?: string | undefined
  readonly userName?: string | undefined
  /** The browser session ended by itself. */
  readonly ended?: boolean | undefined
  /** Somebody signed out just now; `there`: whether at the identity provider too, where that was asked. */
  readonly signedOut?:
    { readonly there: boolean | undefined; readonly provider: string | undefined } | undefined
  readonly destinationText?: string | undefined
  /** Which of the visitor's own places the sign-in continues to. */
  readonly continuation?: string | undefined
}

/** The view counts the wait down, so that the message need not hold it. */
const spokenWait = / Wait \d+ s\.$/

/** The sign-in page, in every state: fresh, refused, limited, after an end. */
export function signInModel(facts: SignInFacts): SignInPage {
  const { methods, error } = facts
  const tried = methods.some((method) => method.id === facts.tried) ? facts.tried : undefined
  return {
    methods,
    tried,
    userName: facts.userName ?? '',
    notice: noticeOf(facts),
    retryAfterSeconds: error instanceof TooManyRequests ? error.retryAfterSeconds : undefined,
    destinationText: facts.destinationText,
    continuation: facts.continuation,
  }
}

function noticeOf({ error, told, ended, signedOut }: SignInFacts): Notice | undefined {
  if (error) {
    const icon = error instanceof TooManyRequests ? 'clock' : 'stop'
    return { tone: 'error', icon, text: error.message.replace(spokenWait, '') }
  }
  if (told !== undefined) return { tone: 'info', icon: 'info', text: told }
  if (ended) {
    const text = 'Your sign-in has ended. Sign in again to go on where you were.'
    return { tone: 'info', icon: 'clock', text }
  }
  if (signedOut) {
    const icon = signedOut.there === false ? 'info' : 'check'
    return { tone: 'info', icon, text: signedOutText(signedOut) }
  }
  return undefined
}

function signedOutText({ there, provider }: NonNullable<SignInFacts['signedOut']>): string {
  const lasting = 'Consoles, credentials and command lines go on until their own end.'
  if (provider === undefined || there === undefined)
    return `You are signed out of Postern. ${lasting}`
  if (there) return `You are signed out of Postern and of ${provider}. ${lasting}`
  return `You are signed out of Postern, but not of ${provider}: whoever uses this browser may get in again without a password. On a shared computer, sign out there too. ${lasting}`
}
