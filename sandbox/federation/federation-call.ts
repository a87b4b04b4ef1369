import type { SandboxRequest } from '../http/request.ts'
import type { Environment } from '../sts/action.ts'
import type { SigninTokens } from './signin-tokens.ts'

/** A request to `/federation`; `origin` is the sandbox's own as the client knows it, `http://localhost:3001`. */
export interface FederationCall extends Environment {
  readonly request: SandboxRequest
  readonly origin: string
  readonly signinTokens: SigninTokens
}
