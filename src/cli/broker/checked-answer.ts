import type { ZodMiniType } from 'zod/mini'
import { AwsUnavailable } from '../../errors.ts'
import type { Answer } from '../../rolesanywhere/exchange.ts'
import { CliFault } from '../cli-fault.ts'
import { printable } from '../terminal/visible-text.ts'
import { ApiFault } from './api-fault.ts'

/** Somebody answered, and not as Postern does: a proxy, or another service. */
export class NoPostern extends AwsUnavailable {
  readonly httpStatus: number

  constructor(origin: string, httpStatus: number, detail: string) {
    super(
      `${origin} does not answer as Postern does. Check the address, and any proxy before it.`,
      { detail },
    )
    this.httpStatus = httpStatus
  }
}

/** The answer's body, checked against its shape. ApiFault for an error that Postern explains, NoPostern for anything else. */
export async function checkedAnswer<Output>(
  answer: Answer,
  shape: ZodMiniType<Output>,
  origin: string,
): Promise<Output> {
  const { status } = answer
  if (status >= 300 && status < 400) {
    throw new NoPostern(origin, status, `it redirects (${status}), which is not followed`)
  }
  const type = answer.headers['content-type'] ?? ''
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new NoPostern(
      origin,
      status,
      `status ${status}, type ${printable(type.slice(0, 100)) || 'none'}`,
    )
  }
  let body: unknown
  try {
    body = JSON.parse(answer.body)
  } catch {
    throw new NoPostern(origin, status, 'the body is no JSON')
  }
  if (status >= 400) {
    const { errorAnswer } = await import('../../contract/answers.ts')
    const explained = errorAnswer.safeParse(body)
    if (!explained.success)
      throw new NoPostern(origin, status, `status ${status} without an explanation`)
    if (explained.data.error === 'not_found') {
      throw new CliFault(
        `${origin} does not know this request. It may be older than this command line.`,
      )
    }
    throw new ApiFault(status, explained.data)
  }
  const checked = shape.safeParse(body)
  if (checked.success) return checked.data
  // The values stay out of it: they may be secrets.
  const where = checked.error.issues[0]?.path.map(String).join('.') ?? ''
  throw new NoPostern(
    origin,
    status,
    `${printable(where.slice(0, 100)) || 'the answer'} is not what it should be`,
  )
}
