import { describe, expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import type { PolicyJson } from '../../sandbox/world/world.ts'
import { assume, refusalOf } from './sdk.ts'
import { arn, BASE_USER, policy, role, trusts, worldWith } from './test-world.ts'

const ROOT = 'arn:aws:iam::111111111111:root'

describe("the caller's own policies", () => {
  const there = role('There', policy(trusts(BASE_USER)))
  const rootThere = role('RootThere', policy(trusts('111111111111')))
  const here = role('Here', policy(trusts(BASE_USER)))
  const rootHere = role('RootHere', policy(trusts(ROOT)))

  async function may(
    policies: readonly PolicyJson[],
    name: string,
    account?: string,
  ): Promise<boolean> {
    await using aws = await startSandbox({
      world: worldWith([here, rootHere], [there, rootThere], policies),
    })
    const answer = await refusalOf(assume(aws.url, { RoleArn: arn(name, account) }))
    return answer === 'was not refused'
  }
  const allow = (Resource: string, more: PolicyJson = {}): PolicyJson =>
    policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource, ...more })

  test('are not needed within the account when the trust policy names the user', async () => {
    expect(await may([], 'Here')).toBe(true)
  })

  test('are needed within the account when the trust policy names the account', async () => {
    expect(await may([], 'RootHere')).toBe(false)
    expect(await may([allow(arn('RootHere'))], 'RootHere')).toBe(true)
  })

  test.each(['There', 'RootThere'])('are needed across accounts for %s', async (name) => {
    expect(await may([], name, '222222222222')).toBe(false)
    expect(await may([allow(arn('*', '111111111111'))], name, '222222222222')).toBe(false)
    expect(await may([allow(arn('*', '222222222222'))], name, '222222222222')).toBe(true)
  })

  test('deny, whatever the trust policy says', async () => {
    expect(await may([allow('*', { Effect: 'Deny' })], 'Here')).toBe(false)
    expect(await may([allow('*'), allow(arn('H*'), { Effect: 'Deny' })], 'Here')).toBe(false)
    expect(await may([allow('*'), allow(arn('X*'), { Effect: 'Deny' })], 'Here')).toBe(true)
  })

  test('can name every resource but some', async () => {
    const but = (NotResource: string): PolicyJson =>
      policy({ Effect: 'Allow', Action: 'sts:*', NotResource })
    expect(await may([but(arn('Root*'))], 'RootHere')).toBe(false)
    expect(await may([but(arn('X*'))], 'RootHere')).toBe(true)
  })
})
