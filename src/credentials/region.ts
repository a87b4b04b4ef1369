import { InvalidRequest } from '../errors.ts'

/** The form of a region, known or yet to come. Nothing that passes needs quoting anywhere. */
const shape = /^[a-z]{2,8}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/

/** The region as it came in. Throws InvalidRequest when it has not the form of one. */
export function checkRegion(text: string): string {
  if (shape.test(text)) return text
  throw new InvalidRequest('That is not an AWS region. A region looks like eu-west-1.')
}
