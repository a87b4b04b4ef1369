import type { ErrorAnswer } from '../../contract/answers.ts'
import { CliFault } from '../cli-fault.ts'
import { printable } from '../terminal/visible-text.ts'

/** Exit code of everything that a login would mend. */
const signInNeeded = 3
const passing = new Set([429, 500, 502, 503, 504])

/** A broker refused, or could not. Its words are made printable; they say what to do, and name the request. */
export class ApiFault extends CliFault {
  override readonly code: string
  readonly httpStatus: number
  /** Whether it may pass by itself. What AWS refused does not. */
  readonly mayPass: boolean
  override readonly exitCode: number

  constructor(httpStatus: number, answer: ErrorAnswer) {
    super(words(answer))
    this.code = answer.error
    this.httpStatus = httpStatus
    this.exitCode = httpStatus === 401 ? signInNeeded : 1
    this.mayPass = passing.has(httpStatus) && answer.error !== 'aws_refused'
  }
}

/** Nobody is signed in at the broker, or not any more. */
export class SignInNeeded extends CliFault {
  override readonly exitCode = signInNeeded

  constructor(origin: string, why = 'You are not signed in') {
    super(`${why} at ${origin}. Run: postern login --broker ${origin}`)
  }
}

function words(answer: ErrorAnswer): string {
  const { error, error_description: description, causes = [], remedies = [] } = answer
  const sentences = [description ?? `Postern refused: ${error}.`, ...causes, ...remedies]
  const id = answer.request_id === undefined ? [] : [`Request ID ${answer.request_id}.`]
  return [...sentences, ...id].map((sentence) => printable(sentence.trim())).join(' ')
}
