import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import type { PolicyJson } from '../../sandbox/world/world.ts'
import { assume, refusalOf, type AssumeRoleInput } from './sdk.ts'
import { arn, role, worldWith } from './test-world.ts'

/** A trust policy in the caller's own account, a request, and whether AWS would let it in. */
export type TrustCase = readonly [
  what: string,
  trust: PolicyJson,
  input: AssumeRoleInput,
  allowed: boolean,
]

/** A test for each case, all against one sandbox with a role for each. */
export function describeTrust(name: string, cases: readonly TrustCase[]): void {
  describe(name, () => {
    let aws: Sandbox
    beforeAll(async () => {
      const roles = cases.map(([, trust], i) => role(`Case${i}`, trust))
      aws = await startSandbox({ world: worldWith(roles) })
    })
    afterAll(() => aws.close())

    test.each(cases.map(([what, , input, allowed], i) => ({ what, input, allowed, i })))(
      '$what: $allowed',
      async ({ input, allowed, i }) => {
        const answer = await refusalOf(assume(aws.url, { ...input, RoleArn: arn(`Case${i}`) }))
        expect(answer).toMatch(allowed ? /^was not refused$/ : /^403 AccessDenied: User: /)
      },
    )
  })
}
