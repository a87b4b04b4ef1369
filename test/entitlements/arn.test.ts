import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRoleArn, partitions } from '../../src/entitlements/arn.ts'

const letters = (alphabet: string, min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength: min, maxLength: max })
const nameCharacters = 'abcXYZ019_+=,.@-'
const account = letters('0123456789', 12, 12)
const path = fc
  .array(letters(`${nameCharacters}:!~`, 1, 20), { maxLength: 4 })
  .map((parts) => (parts.length === 0 ? '/' : `/${parts.join('/')}/`))

describe('a role ARN', () => {
  test('is taken apart in every partition, and put together again', () => {
    const name = letters(nameCharacters, 1, 64)
    fc.assert(
      fc.property(
        fc.constantFrom(...partitions),
        account,
        path,
        name,
        (partition, id, at, role) => {
          const arn = `arn:${partition}:iam::${id}:role${at}${role}`
          expect(parseRoleArn(arn)).toEqual({ arn, partition, accountId: id, path: at, name: role })
        },
      ),
    )
  })

  test('is taken from no text that holds anything else', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.boolean(), (more, before) => {
        const arn = 'arn:aws:iam::111111111111:role/ReadOnly'
        const text = before ? `${more}${arn}` : `${arn}${more}`
        const parsed = parseRoleArn(text)
        // What follows may lengthen the name or the path; it never changes what stands before.
        if (before) expect(parsed).toBeUndefined()
        else if (parsed) expect(parsed).toMatchObject({ arn: text, accountId: '111111111111' })
      }),
    )
  })

  test.each([
    ['a wildcard partition', 'arn:*:iam::111111111111:role/ReadOnly'],
    ['an unknown partition', 'arn:aws-moon:iam::111111111111:role/ReadOnly'],
    ['a region', 'arn:aws:iam:eu-west-1:111111111111:role/ReadOnly'],
    ['eleven digits', 'arn:aws:iam::11111111111:role/ReadOnly'],
    ['thirteen digits', 'arn:aws:iam::1111111111111:role/ReadOnly'],
    ['digits of another script', 'arn:aws:iam::１１１１１１１１１１１１:role/ReadOnly'],
    ['a user', 'arn:aws:iam::111111111111:user/bob'],
    ['a role session', 'arn:aws:sts::111111111111:assumed-role/ReadOnly/bob'],
    ['no name', 'arn:aws:iam::111111111111:role/'],
    ['an empty path part', 'arn:aws:iam::111111111111:role//ReadOnly'],
    ['a wildcard name', 'arn:aws:iam::111111111111:role/*'],
    ['a space before', ' arn:aws:iam::111111111111:role/ReadOnly'],
    ['a line end after', 'arn:aws:iam::111111111111:role/ReadOnly\n'],
    ['capitals', 'ARN:AWS:IAM::111111111111:ROLE/ReadOnly'],
    ['65 characters', `arn:aws:iam::111111111111:role/${'a'.repeat(65)}`],
    ['a path of 513 characters', `arn:aws:iam::111111111111:role/${'a'.repeat(511)}/ReadOnly`],
    ['other letters', 'arn:aws:iam::111111111111:role/Читатель'],
    ['nothing', ''],
  ])('is not read from one with %s', (_, text) => {
    expect(parseRoleArn(text)).toBeUndefined()
  })

  test('keeps a path of 512 characters', () => {
    const arn = `arn:aws:iam::111111111111:role/${'a'.repeat(510)}/ReadOnly`
    expect(parseRoleArn(arn)?.path).toHaveLength(512)
  })

  test('is refused quickly when it is long and hostile', () => {
    const before = performance.now()
    expect(parseRoleArn(`arn:aws:iam::111111111111:role/${'a/'.repeat(1_000_000)}`)).toBeUndefined()
    expect(parseRoleArn(`arn:aws:iam::111111111111:role/${'a/'.repeat(1_000)} `)).toBeUndefined()
    expect(performance.now() - before).toBeLessThan(100)
  })
})
