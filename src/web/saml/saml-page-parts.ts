import type { SamlMethod } from '../../identity/saml/saml-method.ts'
import type { SignInLimits } from '../../identity/sign-in-limits.ts'
import type { CookieJar } from '../cookies.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { ShowPage } from '../page-renderer.ts'
import type { Doorkeeper } from '../passport.ts'
import type { ReturnPlaces } from '../return-places.ts'
import type { SignInRecord } from '../sign-in-record.ts'
import type { KeptAssertions } from './kept-assertion.ts'
import type { messageReader } from './read-message.ts'

export interface SamlPageParts {
  readonly dependencies: WebDependencies
  readonly jar: CookieJar
  readonly limits: SignInLimits
  readonly doorkeeper: Doorkeeper
  readonly record: SignInRecord
  readonly places: ReturnPlaces
  readonly showPage: ShowPage
  readonly kept: KeptAssertions
  /** Whether a path with its query is a page of ours. */
  readonly isOwnPage: (path: string) => boolean
}

/** What of a SAML method the pages need, ready to be found by its ID. */
export interface SamlDoor {
  readonly method: SamlMethod
  readonly readMessage: ReturnType<typeof messageReader>
}
