import type { ConsoleSignIn } from '../console/console-sign-in.ts'
import { BrokerError } from '../errors.ts'
import type { Issuer } from '../issuers/issuer.ts'

/** Takes the duration of one call to AWS in seconds; `outcome` is `ok` or the code of the failure. */
type TellCall = (operation: string, outcome: string, seconds: number) => void

/** The issuer, with each call counted and timed under its name. */
export function measuredIssuer(issuer: Issuer, tell: TellCall, now: () => Date): Issuer {
  return {
    name: issuer.name,
    limits: () => issuer.limits(),
    issue: (order) => timed(() => issuer.issue(order), `issue ${issuer.name}`, tell, now),
  }
}

/** The console sign-in, with each call counted and timed. */
export function measuredConsoleSignIn(
  consoleSignIn: ConsoleSignIn,
  tell: TellCall,
  now: () => Date,
): ConsoleSignIn {
  return {
    checkDestination: (...asked) => consoleSignIn.checkDestination(...asked),
    open: (order) => timed(() => consoleSignIn.open(order), 'getSigninToken', tell, now),
  }
}

async function timed<Answer>(
  call: () => Promise<Answer>,
  operation: string,
  tell: TellCall,
  now: () => Date,
): Promise<Answer> {
  const start = now().getTime()
  const done = (outcome: string): void => {
    tell(operation, outcome, (now().getTime() - start) / 1000)
  }
  try {
    const answer = await call()
    done('ok')
    return answer
  } catch (error) {
    done(error instanceof BrokerError ? error.code : 'server_error')
    throw error
  }
}
