import { CliFault } from '../../cli-fault.ts'

/** The user stopped a sign-in; the exit code is that of Ctrl-C in every shell. */
export class GivenUp extends CliFault {
  override readonly exitCode = 130

  constructor() {
    super('The sign-in was given up. Nothing has changed.')
  }
}
