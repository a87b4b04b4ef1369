import { AwsUnavailable } from '../errors.ts'

/** AWS answered, and only to say that it is asked too often. The endpoint is alive. `detail` is for the log. */
export class AwsThrottled extends AwsUnavailable {
  constructor(detail: string) {
    super('AWS is asked too often at the moment and wants a pause. Try again in a minute.', {
      detail,
    })
  }
}
